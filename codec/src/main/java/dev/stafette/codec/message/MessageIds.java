// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Message ids for messages that came without one, in Postfix's form: {@code <YYYYMMDDhhmmss.QUEUEID@host>}, the time in
 * UTC (RFC 5322 §3.6.4).
 * Thread: any.
 */
public final class MessageIds {
    private MessageIds() {}

    public static String text(long epochMs, String queueId, String host) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(epochMs, 1000L), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(32 + queueId.length() + host.length()).append('<');
        out.append(time.getYear());
        appendTwo(out, time.getMonthValue());
        appendTwo(out, time.getDayOfMonth());
        appendTwo(out, time.getHour());
        appendTwo(out, time.getMinute());
        appendTwo(out, time.getSecond());
        return out.append('.')
                .append(queueId)
                .append('@')
                .append(host)
                .append('>')
                .toString();
    }

    private static void appendTwo(StringBuilder out, int value) {
        out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    public static void write(long epochMs, String queueId, String host, ByteBuf out) {
        ByteBufUtil.writeAscii(out, text(epochMs, queueId, host));
    }
}

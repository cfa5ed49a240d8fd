// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replies of a server (RFC 5321 §4.2.1).
 * Thread: event loop.
 */
final class ReplyLines {
    /** Of all lines of a reply. */
    private static final int REPLY_BYTES_MAX = 64 * 1024;

    private static final int CODE_DIGITS = 3;

    // Owned by the event loop.
    private final StringBuilder line = new StringBuilder();
    private final List<String> lines = new ArrayList<>();
    private int byteCount;

    /** {@code text}: the last line behind its code. */
    record Reply(int code, String text, List<String> lines) {
        boolean isPositive() {
            return code / 100 == 2;
        }

        /** The server closes the connection, or takes no mail on it. */
        boolean isClosing() {
            return code == 421 || code == 521;
        }

        @Override
        public String toString() {
            return code + " " + text;
        }
    }

    /** Whether the server says more than a reply may have. */
    boolean areTooLong() {
        return byteCount > REPLY_BYTES_MAX;
    }

    /** Null when there is no whole reply yet; what is behind it stays unread. */
    @Nullable
    Reply read(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.readByte();
            byteCount++;
            if (b != '\n') {
                line.append((char) (b & 0xff));
                continue;
            }
            String text = line.toString();
            text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            line.setLength(0);
            lines.add(text);
            if (text.length() <= CODE_DIGITS || text.charAt(CODE_DIGITS) != '-') {
                return take(text);
            }
        }
        return null;
    }

    private Reply take(String last) {
        int code = 0;
        int at = 0;
        while (at < last.length() && at < CODE_DIGITS && last.charAt(at) >= '0' && last.charAt(at) <= '9') {
            code = code * 10 + last.charAt(at++) - '0';
        }
        String text = at < CODE_DIGITS ? last : last.substring(Math.min(last.length(), CODE_DIGITS + 1));
        Reply reply = new Reply(at < CODE_DIGITS ? 0 : code, text, List.copyOf(lines));
        lines.clear();
        byteCount = 0;
        return reply;
    }

    /** ISO 8859-1, as it is read. */
    static byte[] bytes(String command) {
        return (command + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}

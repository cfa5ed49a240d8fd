// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A Message-ID as it is logged: unfolded, and with nothing in it that could break a line. Thread: any. */
final class MessageIdText {
    private MessageIdText() {}

    /** Of the value between two positions, cut when it is longer than that; null when it is empty. */
    static @Nullable String of(ByteBuf in, int from, int to, int bytesMax) {
        // Line feeds do not count.
        byte[] text = new byte[Math.min(to - from, 2 * bytesMax)];
        in.getBytes(from, text);
        int length = 0;
        int taken = 0;
        for (int at = 0; at < text.length && taken < bytesMax; at++) {
            byte b = text[at];
            if (b == '\n') {
                continue;
            }
            taken++;
            boolean space = b == ' ' || b == '\t';
            if (b != '\r' && !(space && length == 0)) {
                text[length++] = space ? (byte) ' ' : b <= ' ' || b == 0x7f ? (byte) '?' : b;
            }
        }
        while (length > 0 && text[length - 1] == ' ') {
            length--;
        }
        return length == 0 ? null : new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }
}

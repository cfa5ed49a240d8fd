// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Writes new header fields in the stored wire form, and remembers what they ask of a server. Lines of a value may end in any
 * way, and go on as folded ones whatever they begin with: a value cannot make a second field, or end the header.
 * Thread: its owner's.
 */
final class FieldText {
    /** RFC 5322 §2.1.1. */
    private static final int LINE_BYTES_MAX = 998;

    private static final int CRLF = '\r' << 8 | '\n';

    // Owned by the owner.
    private boolean eightBit;
    private boolean longLine;

    void clear() {
        eightBit = false;
        longLine = false;
    }

    /** There was an octet above 127. */
    boolean hasEightBit() {
        return eightBit;
    }

    /** There was a line of more than 998 octets. */
    boolean hasLongLine() {
        return longLine;
    }

    /** Appends the field with its line end. */
    void write(String name, String value, ByteBuf out) {
        int lineStart = out.writerIndex();
        writeName(name, out);
        String[] lines = value.strip().split("\r\n|[\r\n]");
        for (int i = 0; i < lines.length; i++) {
            if (i > 0 && lines[i].isBlank()) {
                continue;
            }
            if (i > 0) {
                endLine(lineStart, out);
                lineStart = out.writerIndex();
                out.writeByte(lines[i].charAt(0) == '\t' ? '\t' : ' ');
            }
            String text = lines[i].strip().replace('\0', ' ');
            eightBit |= ByteBufUtil.writeUtf8(out, text) > text.length();
        }
        endLine(lineStart, out);
    }

    /**
     * As {@link #write}, in the bytes that it is given in: white space stays as it is, but a line that does not begin with any
     * gets a tab.
     */
    void writeBytes(byte[] name, boolean isSpaced, byte[] value, ByteBuf out) {
        int lineStart = out.writerIndex();
        writeName(new String(name, StandardCharsets.ISO_8859_1), out);
        if (!isSpaced) {
            out.writerIndex(out.writerIndex() - 1);
        }
        boolean isLineStart = false;
        for (int i = 0; i < value.length; i++) {
            byte b = value[i];
            boolean isLineEnd = b == '\n' || b == '\r' && i + 1 < value.length && value[i + 1] == '\n';
            if (isLineEnd) {
                isLineStart |= b == '\n';
                continue;
            }
            if (isLineStart) {
                endLine(lineStart, out);
                lineStart = out.writerIndex();
                isLineStart = false;
                if (b != ' ' && b != '\t') {
                    out.writeByte('\t');
                }
            }
            eightBit |= b < 0;
            out.writeByte(b == 0 || b == '\r' ? ' ' : b);
        }
        endLine(lineStart, out);
    }

    private static void writeName(String name, ByteBuf out) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == ':') {
                throw new IllegalArgumentException("name of a header field: '" + name + "'");
            }
        }
        if (name.startsWith(".")) {
            out.writeByte('.');
        }
        ByteBufUtil.writeAscii(out, name);
        out.writeShort(':' << 8 | ' ');
    }

    private void endLine(int lineStart, ByteBuf out) {
        longLine |= out.writerIndex() - lineStart > LINE_BYTES_MAX;
        out.writeShort(CRLF);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

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

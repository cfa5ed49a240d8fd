// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;

/**
 * Breaks lines that are longer than SMTP allows (RFC 5321 §4.5.3.1.6) by CRLF and a space, as Postfix does: a header field
 * is folded by that, and text loses nothing but its shape; octets are counted, so that a character may be parted. Takes and gives the stored form: CRLF lines, dot-stuffed. The
 * space also sees to it that no dot comes to stand at the start of a line.
 * Thread: the owner's.
 */
public final class LongLineEncoder {
    /** The space and one more: with less there would be no end. */
    public static final int LINE_BYTES_MIN = 2;

    private final int lineBytesMax;

    // Owned by the caller's thread: octets on the current line, a stuffed dot not counted.
    private int column;
    private boolean atLineStart = true;

    /** @param lineBytesMax without CRLF */
    public LongLineEncoder(int lineBytesMax) {
        if (lineBytesMax < LINE_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "line length: " + lineBytesMax + " (expected: at least " + LINE_BYTES_MIN + ")");
        }
        this.lineBytesMax = lineBytesMax;
    }

    /** Consumes {@code in} and appends to {@code out}. */
    public void encode(ByteBuf in, ByteBuf out) {
        while (in.isReadable()) {
            int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            boolean whole = lineFeed >= 0;
            int end = whole ? lineFeed + 1 : in.writerIndex();
            if (atLineStart && in.getByte(in.readerIndex()) == '.') {
                column = -1;
            }
            atLineStart = whole;
            copy(in, textEnd(in, end, whole), out);
            out.writeBytes(in, end - in.readerIndex());
            column = whole ? 0 : column;
        }
    }

    /** Where the line's end begins; a CR at the end of what has come is part of it. */
    private static int textEnd(ByteBuf in, int end, boolean whole) {
        int at = whole ? end - 1 : end;
        return at > in.readerIndex() && in.getByte(at - 1) == '\r' ? at - 1 : at;
    }

    private void copy(ByteBuf in, int end, ByteBuf out) {
        while (column + end - in.readerIndex() > lineBytesMax) {
            int count = Math.max(0, lineBytesMax - column);
            out.writeBytes(in, count);
            out.writeMedium('\r' << 16 | '\n' << 8 | ' ');
            column = 1;
        }
        column += end - in.readerIndex();
        out.writeBytes(in, end - in.readerIndex());
    }
}

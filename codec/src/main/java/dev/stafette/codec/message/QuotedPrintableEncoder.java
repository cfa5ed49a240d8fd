// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;

/**
 * Writes text lines as quoted-printable (RFC 2045 §6.7), dot-stuffed. A line may come in pieces.
 * Thread: the owner's.
 */
final class QuotedPrintableEncoder {
    /** RFC 2045 §6.7 rule 5, with the {@code =} of the soft line break. */
    private static final int LINE_LENGTH_MAX = 76;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    // Owned by the caller's thread.
    private int column;
    /** White space that is written only when something follows on its line; 0: none. */
    private byte heldSpace;

    void write(byte[] bytes, int from, int to, ByteBuf out) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (heldSpace != 0) {
                literal(heldSpace, out);
                heldSpace = 0;
            }
            if (b == ' ' || b == '\t') {
                heldSpace = b;
            } else if (b > ' ' && b < 0x7f && b != '=') {
                literal(b, out);
            } else {
                escaped(b, out);
            }
        }
    }

    /** A hard line break. */
    void endLine(ByteBuf out) {
        if (heldSpace != 0) {
            escaped(heldSpace, out);
            heldSpace = 0;
        }
        out.writeShort('\r' << 8 | '\n');
        column = 0;
    }

    private void literal(byte b, ByteBuf out) {
        makeRoom(1, out);
        if (column == 0 && b == '.') {
            out.writeByte('.');
        }
        out.writeByte(b);
        column++;
    }

    private void escaped(byte b, ByteBuf out) {
        makeRoom(3, out);
        out.writeByte('=');
        out.writeByte(HEX[b >> 4 & 0xf]);
        out.writeByte(HEX[b & 0xf]);
        column += 3;
    }

    private void makeRoom(int length, ByteBuf out) {
        if (column + length > LINE_LENGTH_MAX - 1) {
            out.writeByte('=');
            out.writeShort('\r' << 8 | '\n');
            column = 0;
        }
    }
}

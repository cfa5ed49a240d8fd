// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;

/**
 * Changes the fields of a message's own header.
 * Thread: that of the walk.
 */
final class HeaderEdits {
    private static final int CRLF = '\r' << 8 | '\n';

    private HeaderEdits() {}

    /** Returns the index of the field that comes next. */
    static int apply(Edit edit, HeaderFields header, int index, ContentUnit unit) {
        switch (edit.kind()) {
            case DROP -> {
                header.remove(index);
                return index;
            }
            case REPLACE -> {
                write(header, unit.encode(edit.text()));
                header.putInPlaceOf(index);
                return index + 1;
            }
            default -> {
                int at = index;
                if (unit.isStripped() && unit.isField()) {
                    write(header, unit.copy());
                    header.putInPlaceOf(at);
                }
                if (edit.kind() == Edit.Kind.PREPEND) {
                    write(header, unit.encode(edit.text()));
                    header.put(at++);
                }
                return at + 1;
            }
        }
    }

    private static void write(HeaderFields header, byte[] text) {
        ByteBuf out = header.newField();
        if (text.length > 0 && text[0] == '.') {
            out.writeByte('.');
        }
        for (byte octet : text) {
            if (octet == '\n') {
                out.writeByte('\r');
            }
            out.writeByte(octet);
        }
        out.writeShort(CRLF);
    }
}

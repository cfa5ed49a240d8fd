// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.engine.table.TableAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A field that somebody wants to have in a header; to tables it is {@code name: value}, with line feeds for its folds.
 * Thread: any (it does not change).
 */
public final class NewField {
    private final byte[] name;
    private final boolean isSpaced;
    private final byte[] value;

    /** {@code isSpaced}: with a space behind the colon. */
    public NewField(byte[] name, boolean isSpaced, byte[] value) {
        this.name = name;
        this.isSpaced = isSpaced;
        this.value = value;
    }

    private byte[] octets() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(name.length + value.length + 2);
        out.writeBytes(name);
        out.write(':');
        if (isSpaced) {
            out.write(' ');
        }
        out.writeBytes(value);
        return out.toByteArray();
    }

    /** For tables. */
    public String text() {
        byte[] octets = octets();
        return CheckText.decode(octets, octets.length);
    }

    private String logText() {
        byte[] octets = octets();
        return CheckText.forLog(octets, octets.length);
    }

    /** What tables make of it; null: it is not to be there. */
    public @Nullable NewField judge(CheckTables tables, TableAnswer answer, CheckListener listener) {
        Edit edit = listener.onAnswer(CheckPart.HEADER, tables.name(), answer, this::logText);
        return switch (edit.kind()) {
            case DROP -> null;
            case REPLACE -> replacedBy(edit.text());
            default -> this;
        };
    }

    private NewField replacedBy(String text) {
        int nameEnd = FieldLine.nameEnd(text);
        byte[] octets = octets();
        return new NewField(
                text.substring(0, nameEnd).getBytes(StandardCharsets.US_ASCII),
                false,
                CheckText.encode(text.substring(text.indexOf(':', nameEnd) + 1), octets, octets.length));
    }

    /** Where the header's next field is written. */
    public void write(HeaderFields header) {
        header.write(name, isSpaced, value);
    }
}

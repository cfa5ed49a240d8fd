// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.table.TableSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;

/**
 * {@code -F}: a source names files, and the table has what is in them, in base64.
 * Thread: main.
 */
final class FileValues {
    private FileValues() {}

    /** A file that is named and cannot be read. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message, null, false, false);
        }
    }

    /** {@code names}: of one or more files, with commas or white space between. */
    static String encoded(String names) throws UnreadableException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (String name : names.strip().split("[,\\s]+")) {
            if (content.size() > 0) {
                content.write('\n');
            }
            try {
                content.write(Files.readAllBytes(Path.of(name)));
            } catch (NoSuchFileException e) {
                throw new UnreadableException("open " + name + ": No such file or directory");
            } catch (IOException e) {
                throw new UnreadableException("open " + name + ": " + e.getMessage());
            }
        }
        return Base64.getEncoder().encodeToString(content.toByteArray());
    }

    /** What a table has, as text. */
    static String decoded(TableSpec spec, String value) throws UnreadableException {
        // These have the source's own values.
        boolean isSource = spec.type().equals("inline")
                || spec.type().equals("static")
                || spec.type().equals("texthash");
        try {
            return new String(Base64.getDecoder().decode(isSource ? encoded(value) : value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("malformed BASE64 value: " + value);
        }
    }
}

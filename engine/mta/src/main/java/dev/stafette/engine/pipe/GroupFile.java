// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The groups of the machine, as {@code /etc/group} has them.
 * Thread: any; it reads the file.
 */
final class GroupFile {
    static final int UNKNOWN = -1;

    private static final Path FILE = Path.of("/etc/group");

    private GroupFile() {}

    /** The id of a group by its name; {@link #UNKNOWN} where there is no such one. */
    static int find(String name) {
        try (BufferedReader lines = Files.newBufferedReader(FILE, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(":", -1);
                if (fields.length >= 3 && fields[0].equals(name)) {
                    return Integer.parseInt(fields[2]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return UNKNOWN;
        }
        return UNKNOWN;
    }
}

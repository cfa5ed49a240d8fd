// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * A line of the password file.
 * Thread: any (a value); {@link #find} reads the file.
 *
 * @param fullName the first part of the comment field, in which {@code &} stands for the name
 */
public record Account(String name, int userId, int groupId, String fullName) {
    private static final Path FILE = Path.of("/etc/passwd");

    /** Makes the user, and his group if the password file has it, the owner of a file. */
    public static void giveTo(Path file, String user) throws IOException {
        UserPrincipal principal =
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        Account account = find(user);
        if (account != null) {
            Files.setAttribute(file, "unix:gid", account.groupId());
        }
        Files.setOwner(file, principal);
    }

    /** Null for a name that is not in the file, or not in it alone: other directories of names are not asked. */
    public static @Nullable Account find(String name) {
        return find(FILE, name);
    }

    static @Nullable Account find(Path file, String name) {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(name) && line.startsWith(":", name.length())) {
                    return parse(line);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Then nobody knows more than the name.
            return null;
        }
        return null;
    }

    private static @Nullable Account parse(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length < 7) {
            return null;
        }
        String comment = new String(fields[4].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        int comma = comment.indexOf(',');
        String fullName = comma < 0 ? comment : comment.substring(0, comma);
        return new Account(
                fields[0],
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                fullName.replace("&", capitalized(fields[0])));
    }

    private static String capitalized(String name) {
        return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}

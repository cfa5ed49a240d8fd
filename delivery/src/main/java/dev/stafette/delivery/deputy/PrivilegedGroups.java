// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The groups of this machine that are as good as root: they open its disks, its memory, its passwords or a program that hands
 * out all of that. A mail process that has been taken over would ask for one of them with any account.
 * Thread: start-up only.
 */
final class PrivilegedGroups {
    static final Path FILE = Path.of("/etc/group");

    private static final Set<String> NAMES = Set.of("root", "disk", "docker", "kmem", "lxd", "shadow", "sudo", "wheel");

    private PrivilegedGroups() {}

    /** The numbers that a file in the form of group(5), where there is one, gives them. */
    static Set<Integer> read(Path file) throws IOException {
        Set<Integer> ids = new TreeSet<>(Set.of(0));
        if (!Files.exists(file)) {
            return ids;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3 && NAMES.contains(fields[0]) && fields[2].matches("\\d{1,9}")) {
                ids.add(Integer.parseInt(fields[2]));
            }
        }
        return ids;
    }
}

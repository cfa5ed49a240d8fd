// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever knows Postfix finds a room by the daemon, command or page of the manual whose work it does, and who looks for the place
 * of a change finds it in the README.
 */
class PackageInfosTest {
    private static final Path ENGINE = Path.of("..");
    private static final Pattern PAGE_OF_THE_MANUAL = Pattern.compile("[a-z-]+\\([1-8]\\)");

    @Test
    void nameWhatDoesTheirWorkInPostfix() throws IOException {
        List<Path> infos;
        try (Stream<Path> files = Files.walk(ENGINE)) {
            infos = files.filter(file -> file.endsWith("package-info.java")
                            && file.toString().contains("/src/main/"))
                    .toList();
        }
        assertTrue(infos.size() > 20, "of " + infos.size() + " packages");
        assertEquals(
                List.of(),
                infos.stream().filter(info -> !namesAPage(info)).toList(),
                "name what Postfix has for it, as smtpd(8)");
    }

    @Test
    void areInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        Set<String> missing = new TreeSet<>();
        for (String module : List.of("codec", "storage", "scheduler", "delivery", "engine")) {
            try (Stream<Path> files = Files.walk(Path.of("..", "..", module))) {
                files.filter(file -> file.endsWith("package-info.java")
                                && file.toString().contains("/src/main/"))
                        .map(PackageInfosTest::packageOf)
                        .filter(room -> !isNamed(readme, room))
                        .forEach(missing::add);
            }
        }
        assertEquals(Set.of(), missing, "a line in \"Where to change what\"");
    }

    private static String packageOf(Path info) {
        String directory = info.getParent().toString();
        return directory
                .substring(directory.indexOf("/dev/stafette/") + "/dev/stafette/".length())
                .replace('/', '.');
    }

    /** A module's root has no line of its own, and rooms within rooms have that of the outer one. */
    private static boolean isNamed(String readme, String room) {
        int parts = room.split("\\.").length;
        return parts == 1
                || readme.contains('`' + room + '`')
                || readme.contains('`' + room + '.')
                || parts > 2 && isNamed(readme, room.substring(0, room.lastIndexOf('.')));
    }

    private static boolean namesAPage(Path info) {
        try {
            return PAGE_OF_THE_MANUAL.matcher(Files.readString(info)).find();
        } catch (IOException e) {
            throw new AssertionError(info.toString(), e);
        }
    }
}

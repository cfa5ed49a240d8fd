// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever knows Postfix finds a room by the daemon, command or page of the manual whose work it does. */
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

    private static boolean namesAPage(Path info) {
        try {
            return PAGE_OF_THE_MANUAL.matcher(Files.readString(info)).find();
        } catch (IOException e) {
            throw new AssertionError(info.toString(), e);
        }
    }
}

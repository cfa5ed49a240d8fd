// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs of others that some tests need. Where one is missing, the test skips and says so, as it should for a
 * newcomer; in CI, which installs them all and says {@code -Dstafette.programs=required}, it fails: nobody reads skips.
 */
public final class Programs {
    private static final String PROPERTY = "stafette.programs";

    /** Where those of the system are, whatever the PATH of a user says. */
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin");

    private Programs() {}

    /** Where the program of that name is: on the PATH, or where the system has such. */
    public static Path require(String name) {
        Optional<Path> found = find(name);
        require(found.isPresent(), name);
        return found.orElseThrow();
    }

    public static Path require(Path program) {
        require(Files.isExecutable(program), program.toString());
        return program;
    }

    /** {@code what}: the program, or what has to be installed with it. */
    public static void require(boolean isThere, String what) {
        Assumptions.assumeTrue(has(isThere, what), () -> notInstalled(what));
    }

    /** As {@link #require}, for a test that can go on without; returns whether it is there. */
    public static boolean has(boolean isThere, String what) {
        return has(isThere, what, System.getProperty(PROPERTY, ""));
    }

    static boolean has(boolean isThere, String what, String property) {
        if (!isThere && property.equals("required")) {
            throw new AssertionError(notInstalled(what) + ", and " + PROPERTY + " says that it is");
        }
        return isThere;
    }

    private static String notInstalled(String what) {
        return what + " is not installed";
    }

    private static Optional<Path> find(String name) {
        List<String> directories = new ArrayList<>(
                Arrays.asList(String.valueOf(System.getenv("PATH")).split(File.pathSeparator)));
        directories.addAll(SYSTEM_DIRECTORIES);
        return directories.stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the installation that is measured: the one that was named, or the one that the build left beside this module.
 * Thread: main.
 */
final class Installations {
    private static final Path BUILT = Path.of("engine", "target", "stafette");

    private Installations() {}

    static Path find(@Nullable Path named) throws IOException {
        if (named != null) {
            return check(named);
        }
        // bench/target/benchmarks.jar, or bench/target/classes; or wherever the caller stands.
        Path own = Path.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)[0])
                .toAbsolutePath();
        for (Path at = own; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(BUILT))) {
                return check(at.resolve(BUILT));
            }
        }
        return check(BUILT.toAbsolutePath());
    }

    private static Path check(Path home) throws IOException {
        Path absolute = home.toAbsolutePath().normalize();
        if (!Files.isExecutable(absolute.resolve("bin").resolve("postfix"))) {
            throw new IOException("no installation in " + absolute + " (mvn -DskipTests package makes one)");
        }
        return absolute;
    }
}

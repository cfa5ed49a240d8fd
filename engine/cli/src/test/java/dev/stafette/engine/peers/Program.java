// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program that somebody else wrote, run to its end. */
final class Program {
    private static final List<String> DIRECTORIES = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin");
    private static final long WAIT_S = 60;

    /** How it ended, and what it said on both outputs. */
    record Outcome(int exitCode, String text) {}

    private Program() {}

    /** Where it is. The test is skipped without it. */
    static String path(String name, String debianPackage) {
        Path found = DIRECTORIES.stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(
                found != null,
                "skipped: " + name + " is not installed (Debian: apt-get install " + debianPackage + ")");
        return String.valueOf(found);
    }

    static Outcome run(Path scratch, List<String> line) throws IOException, InterruptedException {
        Path output = Files.createTempFile(scratch, "output", ".txt");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + line);
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that somebody else wrote, run to its end. */
final class Program {
    private static final long WAIT_S = 300;

    /** How it ended, and what it said on both outputs. */
    record Outcome(int exitCode, String text) {}

    private Program() {}

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

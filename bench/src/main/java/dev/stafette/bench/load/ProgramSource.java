// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The C source: it takes less of the machine than ours does, and leaves more to the relay.
 * Thread: main.
 */
final class ProgramSource implements Source {
    private static final int TIMEOUT_S = 600;

    private final Path program;
    private final int sessionCount;
    private final int messageBytes;
    private final boolean isPipelined;

    ProgramSource(Path program, int sessionCount, int messageBytes, boolean isPipelined) {
        this.program = program;
        this.sessionCount = sessionCount;
        this.messageBytes = messageBytes;
        this.isPipelined = isPipelined;
    }

    @Override
    public SourceFigures send(int port, long firstSequence, long messageCount) throws IOException {
        List<String> line = List.of(
                program.toString(),
                "-p",
                Integer.toString(port),
                "-n",
                Long.toString(messageCount),
                "-b",
                Long.toString(firstSequence),
                "-s",
                Integer.toString(sessionCount),
                "-l",
                Integer.toString(messageBytes),
                "-P",
                isPipelined ? "1" : "0",
                "-t",
                Integer.toString(TIMEOUT_S));
        ProgramFigures figures = ProgramFigures.of(new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        long sent = figures.count("sent");
        return new SourceFigures(
                sent,
                messageCount - sent,
                figures.number("seconds"),
                figures.number("p50_ms"),
                figures.number("p99_ms"),
                figures.number("p999_ms"),
                figures.number("max_ms"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Named pipes for what programs say. Java's own are not used: when a program ends, Java reads on as long as one that it has left
 * behind writes, without a limit, and waits for nobody to be reading.
 * Thread: any.
 */
final class OutputPipes {
    /** Made at once, since it takes another program to make them. */
    private static final int BATCH_COUNT = 16;

    private static final long MAKE_SECONDS_MAX = 60;
    private static final String PREFIX = "output-";

    private final Path directory;

    // Guarded by this.
    private final Deque<Path> ready = new ArrayDeque<>();
    private long madeCount;

    OutputPipes(Path directory) {
        this.directory = directory;
    }

    /** One that has not been used; the caller deletes it. */
    synchronized Path take() throws IOException, InterruptedException {
        if (ready.isEmpty()) {
            make();
        }
        return ready.removeFirst();
    }

    private void make() throws IOException, InterruptedException {
        List<Path> made = new ArrayList<>();
        while (made.size() < BATCH_COUNT) {
            Path pipe = directory.resolve(PREFIX + ProcessHandle.current().pid() + '-' + madeCount++);
            Files.deleteIfExists(pipe);
            made.add(pipe);
        }
        List<String> words = new ArrayList<>(List.of("mkfifo", "-m", "600", "--"));
        made.forEach(pipe -> words.add(pipe.toString()));
        Process maker = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!maker.waitFor(MAKE_SECONDS_MAX, TimeUnit.SECONDS) || maker.exitValue() != 0) {
            maker.destroyForcibly();
            throw new IOException("cannot make named pipes in " + directory);
        }
        ready.addAll(made);
    }

    /** Deletes what has not been used. */
    synchronized void close() throws IOException {
        while (!ready.isEmpty()) {
            Files.deleteIfExists(ready.removeFirst());
        }
    }
}

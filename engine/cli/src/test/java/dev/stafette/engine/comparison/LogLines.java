// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The lines of a file that a program writes meanwhile: only those that have their end. There are none where there is no file yet. */
final class LogLines {
    private static final long WAIT_S = 60;

    private LogLines() {}

    static List<String> of(Path log) throws IOException {
        return of(log, StandardCharsets.UTF_8);
    }

    static List<String> of(Path log, Charset charset) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(log);
        } catch (NoSuchFileException notYet) {
            return List.of();
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return new String(bytes, 0, end, charset).lines().toList();
    }

    /** Those behind the first so many. */
    static List<String> of(Path log, int from) throws IOException {
        List<String> lines = of(log);
        return lines.subList(Math.min(from, lines.size()), lines.size());
    }

    /** The lines behind the first so many, as soon as they are what is waited for. */
    static List<String> await(Path log, int from, Predicate<List<String>> awaited)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        List<String> lines = of(log, from);
        while (!awaited.test(lines)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in " + log + ":\n" + String.join("\n", lines));
            }
            TimeUnit.MILLISECONDS.sleep(10);
            lines = of(log, from);
        }
        return lines;
    }

    static boolean has(List<String> lines, String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }
}

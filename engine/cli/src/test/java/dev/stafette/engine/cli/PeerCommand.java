// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a command said, Postfix's or ours. */
public record PeerCommand(int exitCode, String out, String err) {
    private static final List<Path> DIRECTORIES = List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"));

    /** Postfix reads a file again and again until it is older than a second: this one is. */
    static void age(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        }
    }

    static PeerCommand run(String name, List<String> arguments) throws IOException, InterruptedException {
        return run(name, arguments, "");
    }

    /** {@code input}: what is on standard input; not more than a pipe takes. */
    static PeerCommand run(String name, List<String> arguments, String input) throws IOException, InterruptedException {
        Path directory = DIRECTORIES.stream()
                .filter(candidate -> Files.isExecutable(candidate.resolve(name)))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>(List.of(directory.resolve(name).toString()));
        words.addAll(arguments);
        Path err = Files.createTempFile("peer", ".err");
        try {
            Process process =
                    new ProcessBuilder(words).redirectError(err.toFile()).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It had no interest in it.
            }
            byte[] out = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
            return new PeerCommand(
                    exitCode,
                    new String(out, StandardCharsets.ISO_8859_1),
                    // It calls itself by the path it was found under.
                    Files.readString(err, StandardCharsets.ISO_8859_1).replace(words.get(0) + ":", name + ":"));
        } finally {
            Files.delete(err);
        }
    }

    /** Postfix's commands at the same time: each that refuses something sleeps for a second before it ends. */
    static List<PeerCommand> runAll(List<Callable<PeerCommand>> commands) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<PeerCommand> said = new ArrayList<>();
            for (Future<PeerCommand> one : threads.invokeAll(commands)) {
                said.add(one.get());
            }
            return said;
        } finally {
            threads.shutdown();
        }
    }

    /** The lines of a listing are in the order of a hash; Postfix writes some more into alias tables, for NIS. */
    PeerCommand sorted() {
        String lines = out.lines()
                .filter(line -> !line.startsWith("YP_") && !line.startsWith("@:"))
                .sorted()
                .reduce("", (all, line) -> all + line + "\n");
        return new PeerCommand(exitCode, lines, err);
    }

    /** The output but for what each transport has here and not in Postfix. */
    String outOfPostfix() {
        return out.replaceAll("(?m)^\\S+_site_concurrency_limit =.*\n", "");
    }

    public static PeerCommand runOurs(String name, List<String> arguments) {
        return runOurs(name, arguments, "");
    }

    public static PeerCommand runOurs(String name, List<String> arguments, String input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>(List.of(name));
        words.addAll(arguments);
        PrintStream printed = new PrintStream(out, false, StandardCharsets.UTF_8);
        int exitCode = Main.run(
                words.toArray(new String[0]),
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        printed,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()));
        printed.flush();
        return new PeerCommand(
                exitCode, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.ISO_8859_1));
    }
}

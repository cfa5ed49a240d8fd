// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Postfix's own {@code postmap -q} says, where it and the type's package are installed. */
public final class Postmap {
    private static final Path PROGRAM = Path.of("/usr/sbin/postmap");

    private final Path directory;

    private Postmap(Path directory) {
        this.directory = directory;
    }

    /** Null without Postfix, or without its package for the type. */
    public static @Nullable Postmap find(Path directory, String type) throws IOException, InterruptedException {
        if (!Programs.has(Files.isExecutable(PROGRAM), "Postfix")) {
            return null;
        }
        Path configuration = Files.createDirectories(directory.resolve("postfix"));
        Files.writeString(
                configuration.resolve("main.cf"),
                "compatibility_level = 3.6\nmyhostname = mx.b.test\nmydomain = b.test\ninet_interfaces = 127.0.0.1\n");
        Files.writeString(configuration.resolve("master.cf"), "");
        makeOld(configuration.resolve("main.cf"));
        Postmap postmap = new Postmap(configuration);
        String types = postmap.run(List.of("/usr/sbin/postconf", "-c", configuration.toString(), "-m")).text;
        boolean hasType = types.lines().anyMatch(type::equals);
        return Programs.has(hasType, "Postfix's package for " + type) ? postmap : null;
    }

    /** As {@link TableAnswer} prints it, without the reason of a failure. */
    public String query(String table, String key) throws IOException, InterruptedException {
        // Postfix waits until a file is older than a second or so, lest it be half written.
        Path source = Path.of(table.substring(table.indexOf(':') + 1));
        if (Files.exists(source)) {
            makeOld(source);
        }
        Outcome outcome = run(List.of(PROGRAM.toString(), "-c", directory.toString(), "-q", key, table));
        if (outcome.code == 0) {
            return "FOUND " + outcome.text.stripTrailing();
        }
        return outcome.errors.contains("fatal:") ? "UNAVAILABLE" : "NOT_FOUND";
    }

    private static void makeOld(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    }

    private record Outcome(int code, String text, String errors) {}

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        return new Outcome(process.waitFor(), Files.readString(output), Files.readString(errors));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The built installation, with a configuration in a directory of its own; commands run as whoever the test says. */
public final class Installation {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();

    /** Of a command, which may start a mail system. */
    private static final int SECONDS_MAX = 240;

    private final Path directory;
    private final List<String> before;

    /** {@code before}: words that run the rest as somebody else. */
    public Installation(Path directory, String mainCf, List<String> before) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/stafette")), "no installation: mvn package makes it");
        this.directory = directory;
        this.before = before;
        writeMainCf(mainCf);
        writeMasterCf("127.0.0.1:0 inet n - n - - smtpd\nsmtp unix - - n - - smtp\nrelay unix - - n - - smtp\n");
        BriefJvm.writeOptions(HOME, directory);
    }

    /** A start by root leaves nothing outside the directory. */
    public void writeMainCf(String text) throws IOException {
        String data = text.contains("data_directory =") ? "" : "\ndata_directory = " + directory + "/data\n";
        Files.writeString(directory.resolve("main.cf"), text + data);
    }

    void writeMasterCf(String text) throws IOException {
        Files.writeString(directory.resolve("master.cf"), text);
    }

    public static Path script() {
        return HOME.resolve("bin/stafette");
    }

    /** How a command ended and what it said. */
    public record Outcome(int exitCode, String out, String err) {}

    /** Runs a command of {@code bin/} with {@code -c} and these words. */
    public Outcome run(String command, String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(before);
        line.add(HOME.resolve("bin").resolve(command).toString());
        line.addAll(List.of("-c", directory.toString()));
        line.addAll(List.of(words));
        return execute(line, Files.createTempDirectory(directory, "run"));
    }

    /** Runs any other command as the same somebody. */
    public Outcome execute(List<String> line) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(before);
        whole.addAll(line);
        return execute(whole, Files.createTempDirectory(directory, "run"));
    }

    public static Outcome execute(List<String> line, Path scratch) throws IOException, InterruptedException {
        Path out = scratch.resolve("out.txt");
        Path err = scratch.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(line);
        // What the test's own JVM was given is not for these.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + line);
        }
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    public static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }
}

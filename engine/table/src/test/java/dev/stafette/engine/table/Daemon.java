// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real server on loopback, with its files in a directory of the test. */
public final class Daemon implements Closeable {
    private static final long START_MAX_NS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final Path output;

    private Daemon(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Of the last directory that matches, as versions are sorted; skips the test where there is none. */
    public static Path program(String name, String... directories) {
        List<Path> found = new ArrayList<>();
        for (String directory : List.of("/usr/bin", "/usr/sbin")) {
            found.add(Path.of(directory, name));
        }
        for (String directory : directories) {
            try (Stream<Path> versions = Files.list(Path.of(directory))) {
                versions.sorted()
                        .forEach(version -> found.add(version.resolve("bin").resolve(name)));
            } catch (IOException e) {
                continue;
            }
        }
        Path last =
                found.stream().filter(Files::isExecutable).reduce((a, b) -> b).orElse(null);
        Programs.require(last != null, name);
        return last == null ? Path.of(name) : last;
    }

    public static int freePort() throws IOException {
        return FreePorts.find();
    }

    /** Databases refuse to run as root. */
    public static List<String> asNobody(Path directory, List<String> command) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        Path setpriv = program("setpriv");
        run(directory, List.of("chown", "-R", "nobody", directory.toString()));
        // The directory that JUnit makes is for its owner alone, and so is its parent.
        List<String> whole = new ArrayList<>(
                List.of(setpriv.toString(), "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
        whole.addAll(command);
        return whole;
    }

    public static String run(Path directory, List<String> command) throws IOException, InterruptedException {
        return run(directory, command, "");
    }

    public static String run(Path directory, List<String> command, String input)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        int code = process.waitFor();
        String text = Files.readString(output);
        assertEquals(0, code, command + ": " + text);
        return text;
    }

    /** Whether a server that has been started can be asked. */
    @FunctionalInterface
    public interface Readiness {
        boolean isReady() throws IOException, InterruptedException;
    }

    /** Comes back when the port takes connections. */
    public static Daemon start(Path directory, int port, List<String> command)
            throws IOException, InterruptedException {
        return start(directory, command, () -> isListening(port));
    }

    public static Daemon start(Path directory, List<String> command, Readiness readiness)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "daemon", ".out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Daemon daemon = new Daemon(process, output);
        long beganNs = System.nanoTime();
        while (!readiness.isReady()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() - beganNs > START_MAX_NS) {
                String text = Files.readString(output);
                daemon.close();
                throw new AssertionError(command + " is not ready: " + text);
            }
        }
        return daemon;
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public String output() throws IOException {
        return Files.readString(output);
    }

    /** SIGINT: PostgreSQL then closes the connections of its clients. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        process.waitFor(5, TimeUnit.SECONDS);
        close();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

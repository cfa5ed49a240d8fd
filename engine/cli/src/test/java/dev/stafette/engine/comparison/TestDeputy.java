// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.delivery.deputy.DeputyMain;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A delivery service of root's, for mail systems that run within the test. */
final class TestDeputy implements AutoCloseable {
    private static final long WAIT_S = 60;

    private final Path socket;
    private final Process process;

    private TestDeputy(Path socket, Process process) {
        this.socket = socket;
        this.process = process;
    }

    /** Returns when it listens. */
    static TestDeputy start(Path parent) throws IOException, InterruptedException {
        Path socket = parent.resolve("deputy");
        Path scratch = Files.createDirectory(parent.resolve("scratch"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djna.tmpdir=" + scratch,
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeputyMain.class.getName(),
                        socket.toString(),
                        scratch.toString(),
                        "root",
                        "0",
                        "0",
                        "with-stdin")
                .redirectErrorStream(true)
                .redirectOutput(parent.resolve("deputy.log").toFile())
                .start();
        TestDeputy deputy = new TestDeputy(socket, process);
        try {
            deputy.await(parent.resolve("deputy.log"));
            return deputy;
        } catch (IOException | InterruptedException e) {
            deputy.close();
            throw e;
        }
    }

    private void await(Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!answers()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("no delivery service: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The name is there before anybody listens, and before it is root's. */
    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The line of main.cf. */
    String mainCf() {
        return "deputy_socket = " + socket;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

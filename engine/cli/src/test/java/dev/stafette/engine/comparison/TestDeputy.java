// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.delivery.deputy.DeputyMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A delivery service of root's, for mail systems that run within the test. */
final class TestDeputy implements AutoCloseable {
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
        for (int i = 0; i < 500 && !Files.exists(socket); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return new TestDeputy(socket, process);
    }

    /** The line of main.cf. */
    String mainCf() {
        return "deputy_socket = " + socket;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

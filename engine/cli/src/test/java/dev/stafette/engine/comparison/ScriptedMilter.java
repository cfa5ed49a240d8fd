// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A milter of Debian's libmilter that does what mail tells it, and notes what it hears. */
final class ScriptedMilter implements AutoCloseable {
    private static final long WAIT_S = 60;
    static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path MODULE = Path.of("/usr/lib/python3/dist-packages/Milter");
    private static final Path SCRIPT = Path.of("src/test/resources/milter/scripted.py");

    private final Path notes;
    private final int port;
    private Process process;
    private int taken;

    private ScriptedMilter(Path notes, int port, Process process) {
        this.notes = notes;
        this.port = port;
        this.process = process;
    }

    /** Skips the test where there is none. */
    static void require() {
        Programs.require(PYTHON);
        Programs.require(Files.isDirectory(MODULE), "python3-milter");
    }

    /** Returns when it answers. */
    static ScriptedMilter start(Path directory, int port) throws IOException, InterruptedException {
        Path notes = directory.resolve("notes");
        ScriptedMilter milter = new ScriptedMilter(notes, port, run(notes, port));
        try {
            milter.awaitPort();
            return milter;
        } catch (IOException | InterruptedException e) {
            milter.close();
            throw e;
        }
    }

    private static Process run(Path notes, int port) throws IOException {
        return new ProcessBuilder(PYTHON.toString(), SCRIPT.toString(), "inet:" + port + "@127.0.0.1", notes.toString())
                .redirectErrorStream(true)
                .redirectOutput(notes.resolveSibling("milter.out").toFile())
                .start();
    }

    private void awaitPort() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("no milter: " + Files.readString(notes.resolveSibling("milter.out")));
    }

    int port() {
        return port;
    }

    /** It may have ended itself. */
    void startAgain() throws IOException, InterruptedException {
        if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) {
            throw new IOException("the milter has not ended");
        }
        process = run(notes, port);
        awaitPort();
    }

    /** What it has heard since it was asked before; the end of a session is told late, and left out. */
    List<String> takeNotes() throws IOException {
        List<String> heard = LogLines.of(notes).stream()
                .filter(line -> !line.equals("close") && !line.equals("abort"))
                .toList();
        List<String> news = heard.subList(Math.min(taken, heard.size()), heard.size());
        taken = heard.size();
        return news;
    }

    void awaitNote(String text) throws IOException, InterruptedException {
        LogLines.await(notes, 0, lines -> LogLines.has(lines, text));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

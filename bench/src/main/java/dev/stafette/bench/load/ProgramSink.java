// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.AtExit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The C sink.
 * Thread: main.
 */
final class ProgramSink implements Sink {
    private static final int START_ATTEMPTS = 200;
    private static final long START_POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Process process;
    private final int port;
    private final AtExit killer;

    private ProgramSink(Process process, int port) {
        this.process = process;
        this.port = port;
        this.killer = new AtExit(process::destroyForcibly);
    }

    /**
     * Returns when it listens: on 127.0.0.1 and the {@code siteCount} addresses from 127.1.0.1 on.
     *
     * @param deferPercent share of all messages, chosen at random, that it answers with 451
     */
    static ProgramSink open(Path program, int siteCount, int port, int deferPercent) throws IOException {
        List<String> line = List.of(
                program.toString(),
                "-p",
                Integer.toString(port),
                "-a",
                Integer.toString(siteCount + 1),
                "-d",
                Integer.toString(deferPercent));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ProgramSink sink = new ProgramSink(process, port);
        for (int i = 0; i < START_ATTEMPTS && process.isAlive(); i++) {
            if (isListening(port)) {
                return sink;
            }
            LockSupport.parkNanos(START_POLL_NS);
        }
        sink.close();
        throw new IOException(program + " did not start");
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public SinkFigures end() throws IOException {
        // Not the process's own destroy: that closes what there is to read as well.
        process.toHandle().destroy();
        ProgramFigures figures = ProgramFigures.of(process);
        return new SinkFigures(
                figures.count("messages"),
                figures.count("unique"),
                figures.count("duplicates"),
                figures.count("tempfailed"),
                figures.count("connections"),
                (int) figures.count("peak_per_address"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        killer.close();
    }
}

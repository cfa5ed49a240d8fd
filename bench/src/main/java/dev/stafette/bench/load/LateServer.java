// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The server of a {@code tcp:} table that has every key, and takes its time to say so.
 * Thread: any; it has one for each connection.
 */
final class LateServer implements AutoCloseable {
    private static final long WAIT_SECONDS_MAX = 30;

    private final ServerSocket listener;
    private final int delaySeconds;
    private final CountDownLatch asked = new CountDownLatch(1);

    private LateServer(ServerSocket listener, int delaySeconds) {
        this.listener = listener;
        this.delaySeconds = delaySeconds;
    }

    static LateServer open(int delaySeconds) throws IOException {
        LateServer server = new LateServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), delaySeconds);
        start(server::accept);
        return server;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "late-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns when the table has been asked for the first time. */
    void awaitQuestion() throws IOException {
        try {
            if (!asked.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("nobody has asked the slow table");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // At the end.
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            while (in.readLine() != null) {
                asked.countDown();
                TimeUnit.SECONDS.sleep(delaySeconds);
                socket.getOutputStream().write("200 yes\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException | InterruptedException gone) {
            // The relay has closed, or the benchmark ends.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}

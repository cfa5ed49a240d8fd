// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Carries connections on to a port, and keeps what passes.
 * Thread: two for each connection.
 */
final class Wire implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int to;
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();

    Wire(int to) throws IOException {
        this.to = to;
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** In both directions. */
    String passed() {
        return passed.toString(StandardCharsets.ISO_8859_1);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket from) throws IOException {
        try {
            Socket on = new Socket(InetAddress.getLoopbackAddress(), to);
            start(() -> carry(from, on));
            start(() -> carry(on, from));
        } catch (ConnectException nobody) {
            // Whoever has called will call again.
            from.close();
        }
    }

    private void carry(Socket from, Socket on) {
        try (from;
                on) {
            InputStream in = from.getInputStream();
            byte[] piece = new byte[8192];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                passed.write(piece, 0, length);
                on.getOutputStream().write(piece, 0, length);
            }
        } catch (IOException lost) {
            // One end has gone; so goes the other.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}

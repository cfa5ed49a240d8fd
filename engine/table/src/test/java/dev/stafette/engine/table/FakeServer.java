// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Listens on loopback and answers each line, or whatever a test reads off the stream, as the test says. */
public final class FakeServer implements Closeable {
    public final List<String> requests = new CopyOnWriteArrayList<>();
    public final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket listener;
    private final Talk talk;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** One request and its answer; returns null to close the connection. */
    @FunctionalInterface
    public interface Talk {
        @Nullable
        String answer(String request) throws IOException;
    }

    /** Takes one request off the stream; null at the end. */
    @FunctionalInterface
    public interface Framing {
        @Nullable
        String read(InputStream in) throws IOException;
    }

    public static FakeServer ofLines(Talk talk) throws IOException {
        return new FakeServer(FakeServer::readLine, talk);
    }

    public FakeServer(Framing framing, Talk talk) throws IOException {
        this.talk = talk;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> accept(framing));
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept(Framing framing) {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                start(() -> serve(socket, framing));
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private void serve(Socket socket, Framing framing) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String request = framing.read(in); request != null; request = framing.read(in)) {
                requests.add(request);
                String answer = talk.answer(request);
                if (answer == null) {
                    return;
                }
                out.write(answer.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    public static @Nullable String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.append((char) b);
        }
        return line.toString();
    }

    /** Closes connections but goes on listening, as a server does with those that are idle. */
    public void dropConnections() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        dropConnections();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client on a real connection. Reading gives up after some seconds, so that a failing test ends. */
final class SocketClient implements AutoCloseable {
    private static final int READ_MS_MAX = 60_000;

    private final Socket socket;
    private final InputStream in;

    SocketClient(InetSocketAddress server) throws IOException {
        this(connected(server));
    }

    /** A connected one. */
    SocketClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MS_MAX);
        in = socket.getInputStream();
    }

    private static Socket connected(InetSocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server);
        return socket;
    }

    void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The last line of the next reply; null when the server has closed. */
    String reply() throws IOException {
        while (true) {
            String line = line();
            if (line == null || line.length() < 4 || line.charAt(3) == ' ') {
                return line;
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int b;
        while ((b = in.read()) >= 0) {
            if (b == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) b);
        }
        return line.isEmpty() ? null : line.toString();
    }

    String ask(String command) throws IOException {
        send(command + "\r\n");
        return reply();
    }

    /** Each line of the reply; ends early where the server has closed. */
    List<String> askForAll(String command) throws IOException {
        send(command + "\r\n");
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = line();
            lines.add(String.valueOf(line));
        } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        return lines;
    }

    /** Greeting and EHLO. */
    SocketClient hello() throws IOException {
        reply();
        ask("EHLO c.test");
        return this;
    }

    /** As far as 354. */
    SocketClient data() throws IOException {
        hello();
        send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        reply();
        reply();
        reply();
        return this;
    }

    boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** RST instead of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

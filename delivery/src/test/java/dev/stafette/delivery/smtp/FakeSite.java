// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that plays a script for each connection and remembers what did not go by it. */
final class FakeSite implements AutoCloseable {
    /** What the server does with one connection. */
    interface Script {
        void play(Wire wire) throws IOException;
    }

    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message);
        }
    }

    private final ServerSocket listener;
    private final Thread acceptor;
    private final List<Script> scripts;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final boolean repeatLast;

    private FakeSite(String address, int port, List<Script> scripts, boolean repeatLast) {
        this.scripts = scripts;
        this.repeatLast = repeatLast;
        listener = listen(address, port);
        acceptor = new Thread(this::accept, "fake-site");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static ServerSocket listen(String address, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1000);
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException(address + ":" + port, e);
        }
    }

    /** One script a connection, in the order they come; one connection more is a problem. */
    static FakeSite on(String address, int port, Script... scripts) {
        return new FakeSite(address, port, List.of(scripts), false);
    }

    /** Every connection is treated alike. */
    static FakeSite always(String address, int port, Script script) {
        return new FakeSite(address, port, List.of(script), true);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connectionCount() {
        return accepted.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = accepted.getAndIncrement();
                Thread player = new Thread(() -> play(number, socket), "fake-site-" + number);
                player.setDaemon(true);
                player.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void play(int number, Socket socket) {
        try (socket) {
            if (number >= scripts.size() && !repeatLast) {
                problems.add("connection " + (number + 1) + " has no script");
            } else {
                scripts.get(Math.min(number, scripts.size() - 1)).play(new Wire(socket));
            }
        } catch (Mismatch | IOException e) {
            if (!listener.isClosed()) {
                problems.add("connection " + (number + 1) + ": " + e.getMessage());
            }
        } finally {
            ended.incrementAndGet();
        }
    }

    /** Waits for the scripts to end. */
    void verify() throws InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (ended.get() < scripts.size() && problems.isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(2);
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(String.join("\n", problems));
        }
        if (ended.get() < scripts.size()) {
            throw new AssertionError("ended: " + ended.get() + " of " + scripts.size() + " scripts");
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            // It holds the port until it has noticed.
            acceptor.join(60_000);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server's end of a connection. */
    static final class Wire {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private boolean drip;
        private boolean closedByClient;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** From now on every byte goes alone. */
        void drip() {
            drip = true;
        }

        /** What the client does not wait for is not sent; a script that goes on to read will notice. */
        void send(byte[] bytes) {
            try {
                for (int i = 0; i < bytes.length; i += drip ? 1 : bytes.length) {
                    out.write(bytes, i, drip ? 1 : bytes.length);
                    out.flush();
                    Thread.yield();
                }
            } catch (IOException clientGone) {
                closedByClient = true;
            }
        }

        void send(String text) {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void reply(String line) {
            send(line + "\r\n");
        }

        /** Reads a line that ends in CRLF and returns it without. */
        String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException("client closed after '" + line + "'");
                }
                if (b == '\n') {
                    String text = line.toString(StandardCharsets.UTF_8);
                    if (!text.endsWith("\r")) {
                        throw new Mismatch("bare LF after '" + text + "'");
                    }
                    return text.substring(0, text.length() - 1);
                }
                line.write(b);
            }
        }

        /** At most so many bytes, at least one. */
        byte[] read(int bytesMax) throws IOException {
            byte[] bytes = new byte[bytesMax];
            int count = in.read(bytes);
            if (count < 0) {
                throw new EOFException("client closed");
            }
            return Arrays.copyOf(bytes, count);
        }

        void expect(String line) throws IOException {
            String actual;
            try {
                actual = readLine();
            } catch (EOFException e) {
                throw new Mismatch("expected '" + line + "', but " + e.getMessage());
            }
            if (!actual.equals(line)) {
                throw new Mismatch("expected '" + line + "', got '" + actual + "'");
            }
        }

        void expectClose() throws IOException {
            if (closedByClient) {
                return;
            }
            int b;
            try {
                b = in.read();
            } catch (IOException reset) {
                return;
            }
            if (b >= 0) {
                throw new Mismatch("expected the client to close, got '" + (char) b + readLine() + "'");
            }
        }

        /** The content up to the dot line, unstuffed, lines ended by LF. */
        String readContent() throws IOException {
            StringBuilder content = new StringBuilder();
            while (true) {
                String line = readLine();
                if (line.equals(".")) {
                    return content.toString();
                }
                content.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
            }
        }

        /** Ends with RST instead of FIN. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        Socket socket() {
            return socket;
        }

        /** Plain SMTP: takes everything until QUIT or the end; returns the number of messages. */
        int serve(String extensions) throws IOException {
            reply("220 mx.test ESMTP");
            int messages = 0;
            try {
                while (true) {
                    String line = readLine();
                    if (line.startsWith("EHLO")) {
                        reply("250-mx.test\r\n" + extensions + "250 HELP");
                    } else if (line.equals("DATA")) {
                        reply("354 go ahead");
                        readContent();
                        messages++;
                        reply("250 2.0.0 Ok: number " + messages);
                    } else if (line.equals("QUIT")) {
                        reply("221 2.0.0 Bye");
                        return messages;
                    } else {
                        reply("250 2.1.0 Ok");
                    }
                }
            } catch (EOFException clientGone) {
                return messages;
            }
        }
    }
}

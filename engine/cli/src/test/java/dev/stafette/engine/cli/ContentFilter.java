// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A content filter as amavis is one: takes a message, hands it in again at another port with what it has heard by XFORWARD, and
 * says of it what was said there.
 * Thread: one for each connection.
 */
public final class ContentFilter implements AutoCloseable {
    private static final int READ_MS_MAX = 60_000;
    private static final String FIELD = "X-Scanned: yes\r\n";

    private final ServerSocket listener = new ServerSocket();
    private final int backPort;
    private final AtomicInteger openCount = new AtomicInteger();
    private final AtomicInteger openCountMax = new AtomicInteger();
    private final List<String> origins = new CopyOnWriteArrayList<>();
    private final Set<Line> connections = ConcurrentHashMap.newKeySet();

    /** Written by the test: what is said to content instead of handing it in again; empty: nothing. */
    volatile String refusal = "";

    public ContentFilter(int port, int backPort) throws IOException {
        this.backPort = backPort;
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "content-filter");
        thread.setDaemon(true);
        thread.start();
    }

    /** The XFORWARD commands of each message, with blanks between. */
    public List<String> origins() {
        return origins;
    }

    /** Connections to it at one time. */
    int openCountMax() {
        return openCountMax.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                int open = openCount.incrementAndGet();
                openCountMax.accumulateAndGet(open, Math::max);
                start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (Line client = new Line(socket);
                Line back = new Line(new Socket(InetAddress.getLoopbackAddress(), backPort))) {
            connections.addAll(List.of(client, back));
            back.reply();
            back.ask("EHLO filter.test");
            client.say("220 filter.test ESMTP");
            List<String> envelope = new ArrayList<>();
            for (String line = client.read(); line != null; line = client.read()) {
                String verb = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
                switch (verb) {
                    case "EHLO" ->
                        client.say("250-filter.test\r\n250-PIPELINING\r\n"
                                + "250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n250 8BITMIME");
                    case "DATA" -> {
                        client.say("354 go on");
                        client.say(judge(envelope, client.content(), back));
                        envelope.clear();
                    }
                    case "QUIT" -> {
                        client.say("221 bye");
                        return;
                    }
                    default -> {
                        envelope.add(line);
                        client.say("250 ok");
                    }
                }
            }
        } catch (IOException lost) {
            // One end has gone; the client gets no answer, and sends the message again.
            return;
        } finally {
            openCount.decrementAndGet();
        }
    }

    private String judge(List<String> envelope, String content, Line back) throws IOException {
        origins.add(String.join(
                " ",
                envelope.stream().filter(line -> line.startsWith("XFORWARD")).toList()));
        if (!refusal.isEmpty()) {
            return refusal;
        }
        for (String line : envelope) {
            String reply = back.ask(line);
            if (reply.charAt(0) != '2') {
                back.ask("RSET");
                return reply;
            }
        }
        back.ask("DATA");
        return back.ask(FIELD + content + ".");
    }

    /** A connection, line by line. */
    private static final class Line implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Line(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(READ_MS_MAX);
            socket.setTcpNoDelay(true);
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        }

        String read() throws IOException {
            return in.readLine();
        }

        /** With its stuffed dots, without the last. */
        String content() throws IOException {
            StringBuilder content = new StringBuilder();
            for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
                if (line == null) {
                    throw new IOException("lost in content");
                }
                content.append(line).append("\r\n");
            }
            return content.toString();
        }

        void say(String text) throws IOException {
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        /** The last line of what the other end says. */
        String reply() throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            if (line == null) {
                throw new IOException("lost");
            }
            return line;
        }

        String ask(String command) throws IOException {
            say(command);
            return reply();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Nobody waits for its idle connections. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Line connection : connections) {
            connection.close();
        }
    }
}

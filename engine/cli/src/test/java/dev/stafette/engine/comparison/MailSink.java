// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes all mail that comes to some addresses of loopback, all with the same port, so that the address tells the next hop. */
final class MailSink implements AutoCloseable {
    private static final int FIRST = 11;
    private static final int COUNT = 6;
    private static final String EHLO_REPLY =
            "250-sink.test\r\n250-8BITMIME\r\n250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT\r\n250 SMTPUTF8";

    /** A recipient that gets this code for an answer. */
    private static final Pattern REFUSED = Pattern.compile("RCPT TO:<say-([0-9]{3})@");

    /**
     * @param site the address it came to
     * @param origin the arguments of XFORWARD
     * @param sender the argument of MAIL, and those of RCPT
     */
    record Arrived(String site, List<String> origin, String sender, List<String> recipients, List<String> content) {}

    private final List<ServerSocket> servers = new ArrayList<>();
    private final List<Arrived> arrived = new CopyOnWriteArrayList<>();

    static MailSink open() {
        for (int attempt = 0; attempt < 20; attempt++) {
            MailSink sink = new MailSink();
            try {
                for (int i = 0; i < COUNT; i++) {
                    sink.listen("127.0.0." + (FIRST + i));
                }
                sink.servers.forEach(server -> start(() -> sink.accept(server)));
                return sink;
            } catch (IOException taken) {
                sink.close();
            }
        }
        throw new IllegalStateException("no free port");
    }

    private void listen(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        int port = servers.isEmpty() ? 0 : port();
        servers.add(server);
        server.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    }

    int port() {
        return servers.get(0).getLocalPort();
    }

    List<Arrived> arrived() {
        return arrived;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "mail-sink");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String site = socket.getLocalAddress().getHostAddress();
            reply(socket, "220 sink.test ESMTP");
            String sender = "";
            List<String> origin = new ArrayList<>();
            List<String> recipients = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "EHLO" -> reply(socket, EHLO_REPLY);
                    case "XFOR" -> {
                        origin.add(line.substring("XFORWARD ".length()));
                        reply(socket, "250 2.0.0 Ok");
                    }
                    case "MAIL" -> {
                        sender = line.substring("MAIL FROM:".length());
                        recipients = new ArrayList<>();
                        reply(socket, "250 2.1.0 Ok");
                    }
                    case "RCPT" -> {
                        Matcher said = REFUSED.matcher(line);
                        if (said.lookingAt()) {
                            reply(socket, said.group(1) + " told so");
                            break;
                        }
                        recipients.add(line.substring("RCPT TO:".length()));
                        reply(socket, "250 2.1.5 Ok");
                    }
                    case "DATA" -> {
                        reply(socket, "354 go on");
                        List<String> content = content(in);
                        arrived.add(new Arrived(site, List.copyOf(origin), sender, List.copyOf(recipients), content));
                        origin.clear();
                        reply(socket, "250 2.0.0 Ok");
                    }
                    case "QUIT" -> {
                        reply(socket, "221 2.0.0 Bye");
                        return;
                    }
                    default -> reply(socket, "250 2.0.0 Ok");
                }
            }
        } catch (IOException closed) {
            // The client is gone.
        }
    }

    private static List<String> content(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            if (line == null) {
                throw new IOException("lost in content");
            }
            lines.add(line);
        }
        return lines;
    }

    private static void reply(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            for (ServerSocket server : servers) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

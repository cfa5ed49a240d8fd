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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that answers RCPT by what the local part begins with: {@code no} does not exist, {@code multi} is told so in two
 * lines, {@code later} is told to come again, {@code hang} hears nothing; all others are welcome.
 */
final class CalloutServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();

    private CalloutServer() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept);
    }

    static CalloutServer open() {
        try {
            return new CalloutServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** All that has come so far, over whatever connection. */
    List<String> commands() {
        return commands;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "callout");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
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
            reply(socket, "220 callout.test ESMTP");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                String verb = line.toUpperCase(Locale.ROOT);
                if (verb.startsWith("RCPT")) {
                    answer(socket, line.substring(line.indexOf('<') + 1));
                } else if (verb.startsWith("DATA")) {
                    reply(socket, "354 go on");
                } else if (verb.startsWith("QUIT")) {
                    reply(socket, "221 2.0.0 Bye");
                    return;
                } else {
                    reply(socket, "250 2.0.0 Ok");
                }
            }
        } catch (IOException closed) {
            // The client is gone.
        }
    }

    private static void answer(Socket socket, String recipient) throws IOException {
        if (recipient.startsWith("no")) {
            reply(socket, "550 5.1.1 no such user");
        } else if (recipient.startsWith("multi")) {
            reply(socket, "550-5.1.1 no such\r\n550 5.1.1 user here");
        } else if (recipient.startsWith("later")) {
            reply(socket, "450 4.2.1 try later");
        } else if (!recipient.startsWith("hang")) {
            reply(socket, "250 2.1.5 Ok");
        }
    }

    private static void reply(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

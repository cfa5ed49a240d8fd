// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A server that says yes to all but one command, and writes down what it hears. Thread: one of its own. */
final class ScriptedServer implements AutoCloseable {
    private static final int IDLE_MS_MAX = 60_000;

    private final ServerSocket listener;
    private final String refused;
    private final String reply;
    private final List<String> heard = new ArrayList<>();
    private final Thread thread = new Thread(this::serve, "scripted-server");

    /** {@code refused}: the command that is answered with {@code reply}; {@code .} is the end of content. */
    ScriptedServer(String refused, String reply) throws IOException {
        this.refused = refused;
        this.reply = reply;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                client.setSoTimeout(IDLE_MS_MAX);
                hear("connect");
                talk(client);
            } catch (IOException e) {
                // It broke the connection, as it does when it gives up.
                hear("broken");
            }
        }
    }

    private synchronized void hear(String line) {
        heard.add(line);
    }

    private void talk(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = client.getOutputStream();
        say(out, "CONNECT", "220 server.test");
        boolean isContent = false;
        boolean isLmtp = false;
        int recipients = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            hear(line.replaceAll("(?<=^Date: ).*", "now").replaceAll("(?<=^Message-Id: <)[0-9a-f]+\\.[0-9a-f]+", "id"));
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            if (isContent) {
                isContent = !line.equals(".");
                for (int i = 0; !isContent && i < (isLmtp ? recipients : 1); i++) {
                    say(out, ".", "250 Ok");
                }
                continue;
            }
            isLmtp |= verb.equals("LHLO");
            recipients = verb.equals("MAIL") ? 0 : verb.equals("RCPT") ? recipients + 1 : recipients;
            isContent = verb.equals("DATA") && !refused.equals(verb);
            say(out, verb, isContent ? "354 Go" : "250-Well\r\n250 Ok");
            if (verb.equals("QUIT")) {
                return;
            }
        }
    }

    private void say(OutputStream out, String verb, String kind) throws IOException {
        out.write(((verb.equals(refused) ? reply : kind) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** A client that has gone makes no difference between how it went. */
    String heard() throws Exception {
        listener.close();
        thread.join(IDLE_MS_MAX);
        synchronized (this) {
            return String.join("\n", heard).replace("\nbroken", "");
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}

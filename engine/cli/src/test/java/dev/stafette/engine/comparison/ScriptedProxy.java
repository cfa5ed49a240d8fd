// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A filter that passes each command and its reply on, but for those that have what it is to do in their address. */
final class ScriptedProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final int back;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    ScriptedProxy(int port, int back) throws IOException {
        this.back = back;
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        start(this::accept);
    }

    /** Since it was asked before. */
    List<String> takeHeard() {
        List<String> all = heard.stream().map(line -> "filter: " + line).toList();
        heard.clear();
        return all;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void serve(Socket front) {
        try (front;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), back)) {
            front.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            BufferedReader client = reader(front);
            BufferedReader server = reader(behind);
            write(front, reply(server));
            String sender = "";
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                String verb = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
                if (!verb.equals("QUIT")) {
                    heard.add(line);
                }
                sender = verb.equals("MAIL") ? line : sender;
                String own = own(verb, line, sender);
                if (own != null) {
                    write(front, own);
                    continue;
                }
                write(behind, line);
                String reply = reply(server);
                if (verb.equals("DATA") && reply.startsWith("354")) {
                    write(front, reply);
                    if (!content(client, behind, front, server, sender)) {
                        return;
                    }
                    continue;
                }
                write(front, reply);
            }
        } catch (IOException closed) {
            // One of the two has gone.
        }
    }

    /** Null: what the server behind says. */
    private static String own(String verb, String line, String sender) {
        if (verb.equals("MAIL") && line.contains("do-mail")) {
            return "550 5.7.1 not from there";
        }
        if (verb.equals("MAIL") && line.contains("do-odd")) {
            return "354 what?";
        }
        if (verb.equals("RCPT") && line.contains("do-rcpt")) {
            return "450 4.7.1 not to there";
        }
        return verb.equals("DATA") && sender.contains("do-data") ? "451 4.7.1 no data" : null;
    }

    private boolean content(BufferedReader client, Socket behind, Socket front, BufferedReader server, String sender)
            throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = client.readLine(); line != null; line = client.readLine()) {
            all.append(line).append("\r\n");
            if (line.equals(".")) {
                break;
            }
        }
        if (sender.contains("do-wait")) {
            // Until the other side has had enough.
            client.readLine();
            return false;
        }
        if (sender.contains("do-leave")) {
            return false;
        }
        if (sender.contains("do-refuse") || sender.contains("do-lines")) {
            write(front, sender.contains("do-lines") ? "554-5.7.1 no,\r\n554 5.7.1 and no" : "554 5.7.1 no");
            return true;
        }
        behind.getOutputStream().write(all.toString().getBytes(StandardCharsets.ISO_8859_1));
        write(front, reply(server));
        return true;
    }

    private static String reply(BufferedReader server) throws IOException {
        StringBuilder all = new StringBuilder();
        String line = server.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            all.append(line).append("\r\n");
            line = server.readLine();
        }
        return all.append(line).toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.Dialogue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Leads the conversation of a case, a command after the reply to the one before. */
final class CaseClient implements AutoCloseable {
    private static final int READ_MS_MAX = 60_000;
    private static final String CLOSED = "<close>";
    private static final String SILENCE = "<silence>";
    private static final String CONTENT_END = "\\r\\n.";

    private final Socket socket = new Socket();
    private final BufferedReader in;

    private boolean isContentAwaited;

    private CaseClient(InetAddress from, InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MS_MAX);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(server);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The replies to the commands of the case; what is refused though it goes without saying is in place of the first. */
    static List<List<String>> ask(Case one, InetSocketAddress server) throws IOException {
        InetAddress from = InetAddress.getByName(one.isFromLoopback() ? one.from() : "127.0.0.7");
        List<List<String>> replies = new ArrayList<>();
        try (CaseClient client = new CaseClient(from, server)) {
            List<String> greeting = client.reply();
            if (greeting.get(0).equals(SILENCE)) {
                throw new IOException("no greeting; mail.log may say why: " + one.title());
            }
            if (!greeting.get(0).startsWith("220 ")) {
                replies.add(List.of("greeting -> " + String.join(" / ", greeting)));
            }
            for (String command : one.implied()) {
                List<String> reply = client.say(command);
                if (!reply.get(0).startsWith("2") && replies.isEmpty()) {
                    replies.add(List.of(command + " -> " + String.join(" / ", reply)));
                }
            }
            int already = replies.size();
            for (String command : one.commands()) {
                List<String> reply = client.say(command);
                if (already > 0) {
                    already--;
                } else {
                    replies.add(reply);
                }
            }
            client.say("QUIT");
        }
        return replies;
    }

    private List<String> say(String command) {
        if (isContentAwaited && !command.endsWith(CONTENT_END)) {
            return List.of(SILENCE);
        }
        try {
            socket.getOutputStream().write((Dialogue.unescape(command) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException closed) {
            return List.of(CLOSED);
        }
        List<String> reply = reply();
        isContentAwaited = reply.get(0).startsWith("354");
        // What is offered is compared elsewhere.
        boolean isOffer = command.toUpperCase(Locale.ROOT).startsWith("EHLO")
                && reply.get(0).startsWith("250");
        return isOffer ? reply.subList(0, 1) : reply;
    }

    private List<String> reply() {
        List<String> lines = new ArrayList<>();
        try {
            String line;
            do {
                line = in.readLine();
                lines.add(line == null ? CLOSED : line.replaceAll("queued as \\S+", "queued as ID"));
            } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        } catch (SocketTimeoutException e) {
            lines.add(SILENCE);
        } catch (IOException e) {
            lines.add(CLOSED);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

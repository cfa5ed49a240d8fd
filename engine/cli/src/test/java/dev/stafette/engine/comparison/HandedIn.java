// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.Dialogue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of a case that was handed to a mail system.
 *
 * @param queueId empty when it was refused
 * @param refusals the commands that were, with the replies
 */
record HandedIn(String queueId, List<String> refusals) {
    static final String MARK = "X-Case: ";

    private static final int READ_MS_MAX = 60_000;

    /** {@code mark}: by which it is found again where it arrives. */
    static HandedIn send(MailCase one, String mark, int port) throws IOException {
        List<String> refusals = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MS_MAX);
            socket.bind(new InetSocketAddress(InetAddress.getByName(one.from()), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            reply(in);
            say("EHLO c.test", socket, in, refusals);
            String utf8 = isAscii(one) ? "" : " SMTPUTF8";
            say("MAIL FROM:<" + one.sender() + ">" + utf8, socket, in, refusals);
            for (String recipient : one.recipients()) {
                say("RCPT TO:<" + recipient + ">", socket, in, refusals);
            }
            if (!say("DATA", socket, in, refusals).startsWith("354")) {
                return new HandedIn("", refusals);
            }
            StringBuilder content = new StringBuilder(MARK + mark + "\r\n");
            one.header()
                    .forEach(field -> content.append(Dialogue.unescape(field)).append("\r\n"));
            String queued = say(content + "\r\nhello\r\n.", socket, in, refusals);
            return new HandedIn(
                    queued.startsWith("250") ? queued.substring(queued.lastIndexOf(' ') + 1) : "", refusals);
        }
    }

    private static boolean isAscii(MailCase one) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(one.sender() + one.recipients() + one.header());
    }

    private static String say(String text, Socket socket, BufferedReader in, List<String> refusals) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        String reply = reply(in);
        if (reply.isEmpty() || reply.charAt(0) > '3') {
            refusals.add("S: " + (text.endsWith(".") && text.startsWith(MARK) ? "." : text) + ": " + reply);
        }
        return reply;
    }

    private static String reply(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line == null ? "" : line;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A site that takes messages and remembers them. Thread: one for each connection. */
public final class RecordingSink implements AutoCloseable {
    private final ServerSocket listener;
    private final UnaryOperator<String> rcptReplies;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final AtomicInteger openCount = new AtomicInteger();

    /** Commands as they came, and the content without the stuffed dots, its lines ended by LF. */
    public record Message(String mail, List<String> recipients, String content) {
        /** The value of a field, its lines joined; empty when there is none. */
        public String field(String name) {
            String header = content.contains("\n\n") ? content.substring(0, content.indexOf("\n\n")) : content;
            for (String field : header.replaceAll("\n[ \t]+", " ").split("\n")) {
                if (field.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    return field.substring(name.length() + 1).strip();
                }
            }
            return "";
        }

        public String text() {
            return content.substring(content.indexOf("\n\n") + 2);
        }
    }

    private RecordingSink(ServerSocket listener, UnaryOperator<String> rcptReplies) {
        this.listener = listener;
        this.rcptReplies = rcptReplies;
        Thread thread = new Thread(this::accept, "sink");
        thread.setDaemon(true);
        thread.start();
    }

    /** One that refuses nothing. */
    public static RecordingSink open() throws IOException {
        return open(command -> "250 ok");
    }

    /** {@code rcptReplies}: what it says to a RCPT command. */
    public static RecordingSink open(UnaryOperator<String> rcptReplies) throws IOException {
        return new RecordingSink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), rcptReplies);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Waits for the next message; fails when none comes in a minute. */
    public Message take() throws InterruptedException {
        Message message = messages.poll(60, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    public int waitingCount() {
        return messages.size();
    }

    /** Connections that are open now. */
    public int openCount() {
        return openCount.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                openCount.incrementAndGet();
                Thread session = new Thread(() -> serve(socket), "sink-session");
                session.setDaemon(true);
                session.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            say(out, "220 sink ESMTP");
            String mail = "";
            List<String> recipients = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.toUpperCase(Locale.ROOT);
                if (verb.startsWith("EHLO")) {
                    say(out, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8");
                } else if (verb.startsWith("MAIL")) {
                    mail = line;
                    recipients = new ArrayList<>();
                    say(out, "250 ok");
                } else if (verb.startsWith("RCPT")) {
                    String reply = rcptReplies.apply(line);
                    if (reply.startsWith("2")) {
                        recipients.add(line);
                    }
                    say(out, reply);
                } else if (verb.equals("DATA") && recipients.isEmpty()) {
                    say(out, "554 5.5.1 no valid recipients");
                } else if (verb.equals("DATA")) {
                    say(out, "354 go on");
                    messages.add(new Message(mail, List.copyOf(recipients), content(in)));
                    say(out, "250 ok");
                } else {
                    say(out, verb.equals("QUIT") ? "221 bye" : "250 ok");
                }
            }
        } catch (IOException e) {
            // The relay was killed, which is what some tests do.
            return;
        } finally {
            openCount.decrementAndGet();
        }
    }

    private static String content(BufferedReader in) throws IOException {
        StringBuilder content = new StringBuilder();
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            if (line == null) {
                throw new IOException("lost in content");
            }
            content.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return content.toString();
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}

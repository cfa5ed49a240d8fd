// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server that keeps the bytes behind DATA as they come, by the recipient's domain. Thread: any; one of its own a connection. */
final class RawSink implements AutoCloseable {
    private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, String> contents = new ConcurrentHashMap<>();

    RawSink() throws IOException {
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "raw-sink");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            say(client, "220 sink.test ESMTP");
            String domain = "";
            String line;
            while (!(line = line(in)).isEmpty()) {
                switch (line.substring(0, 4)) {
                    case "EHLO" -> say(client, "250-sink.test\r\n250 8BITMIME");
                    case "QUIT" -> say(client, "221 Bye");
                    case "DATA" -> {
                        say(client, "354 Go on");
                        contents.put(domain, content(in));
                        say(client, "250 Ok");
                    }
                    default -> {
                        domain = line.contains("@") ? line.substring(line.indexOf('@') + 1, line.indexOf('>')) : domain;
                        say(client, "250 Ok");
                    }
                }
            }
        } catch (IOException gone) {
            // As it likes.
        }
    }

    private static void say(Socket client, String reply) throws IOException {
        client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b;
        while ((b = in.read()) >= 0 && b != '\n') {
            line.append((char) b);
        }
        return line.toString();
    }

    private static String content(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int matched = 0;
        int b;
        while (matched < END.length && (b = in.read()) >= 0) {
            out.write(b);
            matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** One char a byte, with the end. */
    String await(String domain) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!contents.containsKey(domain)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing came for " + domain);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return contents.get(domain);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

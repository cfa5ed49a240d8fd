// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends messages as fast as it may, through whatever happens to the other side. Each has a sender of its own, and no
 * recipient is named twice. What was acknowledged it remembers; nothing is sent again.
 */
final class CrashSource implements AutoCloseable {
    private static final int SESSIONS = 4;
    private static final int RECIPIENTS_MAX = 5;
    private static final int LARGE_BYTES = 300_000;
    private static final int SMALL_BYTES = 2_000;
    private static final int PAUSE_MS_MAX = 25;

    /** A message that got its 250. */
    record Acknowledged(String queueId, List<String> recipients, List<String> toConfirm) {}

    private final int port;
    private final long seed;
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    CrashSource(int port, long seed) {
        this.port = port;
        this.seed = seed;
        for (int i = 0; i < SESSIONS; i++) {
            Thread thread = new Thread(this::run, "crash-source-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    private void run() {
        while (!ending) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                in.readLine();
                say(socket, in, "EHLO source.test");
                while (!ending) {
                    send(socket, in, numbers.incrementAndGet());
                }
            } catch (IOException e) {
                // It was killed, or does not listen yet.
                pause(PAUSE_MS_MAX);
            }
        }
    }

    private static void pause(int ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Socket socket, BufferedReader in, int number) throws IOException {
        SplittableRandom random = new SplittableRandom(seed * 7919 + number);
        List<String> recipients = new ArrayList<>();
        List<String> toConfirm = new ArrayList<>();
        say(socket, in, "MAIL FROM:<s" + number + "@" + CrashSite.SENDERS + ">");
        for (int i = random.nextInt(RECIPIENTS_MAX); i >= 0; i--) {
            String recipient = "r" + number + "-" + i + "@" + CrashSite.domain(random);
            boolean confirms = random.nextInt(4) == 0;
            say(socket, in, "RCPT TO:<" + recipient + ">" + (confirms ? " NOTIFY=SUCCESS,FAILURE,DELAY" : ""));
            recipients.add(recipient);
            if (confirms) {
                toConfirm.add(recipient);
            }
        }
        say(socket, in, "DATA");
        int bytes = random.nextInt(50) == 0 ? LARGE_BYTES : random.nextInt(SMALL_BYTES);
        String answer =
                say(socket, in, "Subject: " + number + "\r\n\r\n" + ("x".repeat(76) + "\r\n").repeat(bytes / 78) + ".");
        acknowledged.add(new Acknowledged(answer.substring(answer.lastIndexOf(' ') + 1), recipients, toConfirm));
        pause(random.nextInt(PAUSE_MS_MAX));
    }

    private static String say(Socket socket, BufferedReader in, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        String answer = in.readLine();
        while (answer != null && answer.startsWith("250-")) {
            answer = in.readLine();
        }
        if (answer == null || answer.charAt(0) > '3') {
            throw new IOException(line + ": " + answer);
        }
        return answer;
    }

    /** Returns when no message is under way any more. */
    @Override
    public void close() {
        ending = true;
        for (Thread thread : threads) {
            try {
                thread.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

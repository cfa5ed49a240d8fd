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
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sites whose answers are thrown with dice, by recipient and by message: 2xx, 4xx, 5xx, or a lost connection. The dice are
 * seeded with the recipient and how often it was tried, so that they fall alike however fast the machine is. What it took
 * it remembers; each 250 has a token, by which the mail log tells whether the client heard it.
 */
final class CrashSite implements AutoCloseable {
    /** Recipients in this domain are senders who get reports, which are always taken: they must not expire. */
    static final String SENDERS = "senders.test";

    private static final int PORTS = 3;

    /** One of so many is deferred for ever: it waits until its time is up, or the end. */
    private static final int STUBBORN = 30;

    /** A message, for one of its recipients; {@code content} of reports alone. */
    record Taken(String recipient, String token, long connectedNs, long atNs, String content) {}

    private enum Throw {
        TAKE,
        DEFER,
        FAIL,
        LOSE
    }

    private final long seed;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Map<String, Integer> throwCounts = new ConcurrentHashMap<>();
    private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tokens = new AtomicInteger();

    /** Written by the test, read by sessions. */
    private volatile boolean takesAll;

    CrashSite(long seed) throws IOException {
        this.seed = seed;
        for (int i = 0; i < PORTS; i++) {
            ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
            listeners.add(listener);
            start(() -> serve(listener), "crash-site-" + i);
        }
    }

    private static void start(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Lines of main.cf: each domain is a site of its own, so that one that dies does not stop the others. */
    List<String> routes() {
        return List.of(
                "mydestination = " + SENDERS,
                "local_recipient_maps =",
                "local_transport = smtp:" + nextHop(0),
                "relay_domains = d1.test",
                "relay_transport = relay:" + nextHop(1),
                "default_transport = smtp:" + nextHop(2));
    }

    private String nextHop(int site) {
        return "[127.0.0.1]:" + listeners.get(site).getLocalPort();
    }

    /** A domain of recipients. */
    static String domain(SplittableRandom random) {
        return "d" + (1 + random.nextInt(PORTS - 1)) + ".test";
    }

    /** From now on everything is taken at once. */
    void takeAll() {
        takesAll = true;
    }

    List<Taken> taken() {
        return List.copyOf(taken);
    }

    private void serve(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                start(() -> talk(socket), "crash-session");
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** In percent of throws: deferred, failed, lost. */
    private Throw roll(String what, int deferred, int failed, int lost) {
        int count = throwCounts.merge(what, 1, Integer::sum);
        if (takesAll || isReport(what)) {
            return Throw.TAKE;
        }
        if (Math.floorMod(what.hashCode(), STUBBORN) == 0) {
            return Throw.DEFER;
        }
        int dice = new SplittableRandom(seed * 31 + what.hashCode() * 1_000_003L + count).nextInt(100);
        if (dice < deferred) {
            return Throw.DEFER;
        }
        if (dice < deferred + failed) {
            return Throw.FAIL;
        }
        return dice < deferred + failed + lost ? Throw.LOSE : Throw.TAKE;
    }

    private static boolean isReport(String recipient) {
        return recipient.endsWith('@' + SENDERS);
    }

    private void talk(Socket socket) {
        long connectedNs = System.nanoTime();
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            say(socket, "220 site.test");
            List<String> recipients = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("EHLO")) {
                    say(socket, "250-site.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES");
                } else if (line.startsWith("RCPT")) {
                    String recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                    Throw thrown = roll(recipient, 25, 12, 1);
                    if (thrown == Throw.LOSE) {
                        return;
                    }
                    if (thrown == Throw.TAKE) {
                        recipients.add(recipient);
                    }
                    say(socket, reply(thrown, "Ok"));
                } else if (line.equals("DATA")) {
                    if (recipients.isEmpty()) {
                        say(socket, "554 5.5.1 no valid recipients");
                        continue;
                    }
                    say(socket, "354 go");
                    if (!take(socket, connectedNs, recipients, content(in))) {
                        return;
                    }
                    recipients.clear();
                } else if (line.equals("QUIT")) {
                    say(socket, "221 2.0.0 Bye");
                    return;
                } else {
                    recipients.clear();
                    say(socket, "250 2.0.0 Ok");
                }
            }
        } catch (IOException e) {
            // The client was killed, or the test is over.
        }
    }

    private static String content(BufferedReader in) throws IOException {
        StringBuilder content = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(".")) {
                return content.toString();
            }
            content.append(line).append('\n');
        }
        throw new IOException("no end of data");
    }

    /** False: the connection is lost, and nothing was taken. */
    private boolean take(Socket socket, long connectedNs, List<String> recipients, String content) throws IOException {
        Throw thrown = roll("with body " + recipients.get(0), 8, 5, 4);
        String token = "t" + tokens.incrementAndGet() + ".";
        if (thrown == Throw.TAKE) {
            // Before it is said: whoever has heard it finds it here.
            long nowNs = System.nanoTime();
            recipients.forEach(recipient ->
                    taken.add(new Taken(recipient, token, connectedNs, nowNs, isReport(recipient) ? content : "")));
        }
        if (thrown != Throw.LOSE) {
            say(socket, reply(thrown, "Ok: " + token));
        }
        return thrown != Throw.LOSE;
    }

    private static String reply(Throw thrown, String good) {
        return switch (thrown) {
            case TAKE -> "250 2.0.0 " + good;
            case DEFER -> "450 4.2.1 try again later";
            case FAIL -> "550 5.1.1 no such user";
            case LOSE -> throw new IllegalArgumentException("nothing is said");
        };
    }

    private static void say(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}

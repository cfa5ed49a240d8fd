// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.BriefJvm;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The installation as it was built, with three domains that have the same exchange: a name server and a site of our own. */
class SiteLimitIT {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final String[] DOMAINS = {"a.test", "b.test", "c.test"};
    private static final int MESSAGES = 60;
    private static final int LIMIT = 2;
    private static final int MX = 15;
    private static final int A = 1;

    /** Not one that the mail system takes for its own. */
    private static final String SITE_ADDRESS = "127.0.0.2";

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger connectionsSeen = new AtomicInteger();
    private final CountDownLatch allSent = new CountDownLatch(1);
    private final CountDownLatch fullHouse = new CountDownLatch(LIMIT);
    private final Set<String> recipients = ConcurrentHashMap.newKeySet();
    private final Set<String> domainsOfSite = ConcurrentHashMap.newKeySet();
    private Path parent;
    private DatagramSocket nameServer;
    private ServerSocket site;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "site-limit");
        nameServer = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        site = new ServerSocket(0, 100, InetAddress.getByName(SITE_ADDRESS));
        inBackground(this::answerQuestions);
        inBackground(this::acceptConnections);
    }

    @AfterEach
    void stop() throws Exception {
        if (parent != null) {
            nameServer.close();
            site.close();
            MtaDirectory.delete(parent);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void opensNoMoreConnectionsToASiteThanItsLimit() throws Exception {
        MtaDirectory directory = MtaDirectory.create(
                parent,
                "relay",
                List.of(
                        "dns_servers = 127.0.0.1:" + nameServer.getLocalPort(),
                        "smtp_tcp_port = " + site.getLocalPort(),
                        // A question that this process is too slow to answer is asked again soon.
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 1s",
                        // None ends and makes room for another before the site has heard of its end.
                        "smtp_connection_cache_time_limit = 600s",
                        "smtp_site_concurrency_limit = " + LIMIT));
        BriefJvm.writeOptions(HOME, directory.path());
        try (MtaProcess relay = MtaProcess.start(HOME, directory, Map.of())) {
            relay.awaitReady();
            send(directory.port());
            allSent.countDown();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (recipients.size() < MESSAGES && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertTrue(relay.isAlive());
        }
        assertEquals(MESSAGES, recipients.size(), () -> "log: " + log(directory));
        assertEquals(LIMIT, connectionsSeen.get());
        assertEquals(Set.of(DOMAINS), domainsOfSite);
    }

    private static String log(MtaDirectory directory) {
        try {
            return Files.readString(directory.path().resolve("mail.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void send(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            expect("220", in);
            command("HELO client.test", "250", in, out);
            for (int i = 0; i < MESSAGES; i++) {
                command("MAIL FROM:<s@client.test>", "250", in, out);
                command("RCPT TO:<u" + i + "@" + DOMAINS[i % DOMAINS.length] + ">", "250", in, out);
                command("DATA", "354", in, out);
                command("Subject: x\r\n\r\nhello\r\n.", "250", in, out);
            }
            command("QUIT", "221", in, out);
        }
    }

    private static void command(String text, String code, BufferedReader in, OutputStream out) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        expect(code, in);
    }

    private static void expect(String code, BufferedReader in) throws IOException {
        String reply = in.readLine();
        assertTrue(reply != null && reply.startsWith(code), () -> code + " expected: " + reply);
    }

    private void acceptConnections() throws IOException {
        while (true) {
            Socket socket = site.accept();
            int now = connections.incrementAndGet();
            connectionsSeen.accumulateAndGet(now, Math::max);
            fullHouse.countDown();
            inBackground(() -> {
                try (socket) {
                    serve(socket);
                } finally {
                    connections.decrementAndGet();
                }
            });
        }
    }

    private void serve(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream out = socket.getOutputStream();
        reply("220 mx.test", out);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("DATA")) {
                reply("354 go on", out);
                while (!".".equals(in.readLine())) {
                    // What it says is not looked at.
                }
                // As long as others are to come meanwhile, if they may.
                awaitOthers();
                reply("250 ok", out);
            } else if (line.equals("QUIT")) {
                reply("221 bye", out);
                return;
            } else {
                if (line.startsWith("RCPT TO:<")) {
                    String recipient = line.substring("RCPT TO:<".length(), line.indexOf('>'));
                    recipients.add(recipient);
                    domainsOfSite.add(recipient.substring(recipient.indexOf('@') + 1));
                }
                reply("250 ok", out);
            }
        }
    }

    /** All that may come has something to do, and has come; a while more for those that may not. */
    private void awaitOthers() {
        try {
            allSent.await(60, TimeUnit.SECONDS);
            fullHouse.await(60, TimeUnit.SECONDS);
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reply(String text, OutputStream out) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void answerQuestions() throws IOException {
        byte[] buffer = new byte[512];
        while (true) {
            DatagramPacket query = new DatagramPacket(buffer, buffer.length);
            nameServer.receive(query);
            byte[] answer = answer(buffer);
            nameServer.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
        }
    }

    /** RFC 1035 §4.1: every domain has mx.test for its exchange, and that has the site's address. */
    private static byte[] answer(byte[] query) throws IOException {
        int end = 12;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        byte[] data = switch (query[end + 2]) {
            case MX -> new byte[] {0, 10, 2, 'm', 'x', 4, 't', 'e', 's', 't', 0};
            case A -> InetAddress.getByName(SITE_ADDRESS).getAddress();
            default -> new byte[0];
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(query, 0, 2);
        out.write(new byte[] {(byte) 0x84, 0, 0, 1, 0, (byte) (data.length == 0 ? 0 : 1), 0, 0, 0, 0});
        out.write(query, 12, end + 5 - 12);
        if (data.length > 0) {
            out.write(new byte[] {(byte) 0xc0, 12, 0, query[end + 2], 0, 1, 0, 0, 0, 60, 0, (byte) data.length});
            out.write(data);
        }
        return out.toByteArray();
    }
}

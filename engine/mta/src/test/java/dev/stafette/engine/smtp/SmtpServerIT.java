// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server on loopback sockets, with a queue that keeps what it gets. */
class SmtpServerIT {
    /** Clients on loopback are not looked up. */
    static final Function<EventLoop, Dns> NO_DNS = loop -> null;

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private EventLoopGroup group = newGroup(Epoll.isAvailable());
    private SmtpServer server;
    private InetSocketAddress address;

    private static EventLoopGroup newGroup(boolean epoll) {
        return new MultiThreadIoEventLoopGroup(2, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    private void start(String... mainCfLines) throws IOException {
        server = new SmtpServer(new SmtpServerParts(
                group,
                queue,
                new Metrics(0),
                NO_DNS,
                ZoneOffset.UTC,
                SmtpServerParts.BODY_BYTES_MAX,
                TestHost.ROOM.sessionsMax()));
        server.listen(
                "smtp",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                TestHost.service(List.of(mainCfLines)),
                log.log());
        address = server.addresses().get(0);
    }

    @AfterEach
    void stop() {
        end();
        log.close();
    }

    /** Of the server and all that its loops have to do. */
    private void end() {
        if (server != null && !group.isShuttingDown()) {
            server.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** What other threads are about to do. */
    private static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, () -> "in vain: " + what);
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesMessagesLargeAndSmall(boolean epoll) throws IOException {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        group = newGroup(epoll && Epoll.isAvailable());
        start("local_header_rewrite_clients =");
        Random random = new Random(1);
        StringBuilder large = new StringBuilder("Subject: large\r\n\r\n");
        while (large.length() < 5_000_000) {
            large.append("x".repeat(random.nextInt(150))).append("y\r\n");
        }
        try (SocketClient client = new SocketClient(address).data()) {
            client.send(large + ".\r\nMAIL FROM:<b@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
            assertTrue(client.reply().startsWith("250 2.0.0 Ok: queued as "));
            assertEquals("250 2.1.0 Ok", client.reply());
            assertEquals("250 2.1.5 Ok", client.reply());
            assertTrue(client.reply().startsWith("354 "));
            assertTrue(client.ask("Subject: small\r\n\r\n.").startsWith("250 2.0.0 Ok: queued as "));
            assertEquals("221 2.0.0 Bye", client.ask("QUIT"));
            assertNull(client.reply());
        }
        assertEquals(2, queue.messages().size());
        assertSame(large.toString(), queue.messages().get(0).body());
        assertTrue(queue.messages().get(0).extentCount() > 10);
        assertEquals("Subject: small\r\n\r\n", queue.messages().get(1).body());
        assertEquals("b@a.test", queue.messages().get(1).envelope().sender().external());
    }

    /** Without printing five million characters when they differ. */
    private static void assertSame(String expected, String actual) {
        int at = 0;
        while (at < Math.min(expected.length(), actual.length()) && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        String rest = actual.substring(at, Math.min(at + 200, actual.length()));
        assertTrue(
                at == expected.length() && at == actual.length(),
                "from " + at + " of " + expected.length() + ": " + rest);
    }

    @Test
    void tellsAServiceFromAPassRowOfItsName() throws IOException {
        start();
        server.openToPassed("smtp", TestHost.service(List.of("smtpd_banner = passed")), log.log());
        server.reload("smtp", TestHost.service(List.of("smtpd_banner = anew")), log.log());
        server.reloadPassed("smtp", TestHost.service(List.of("smtpd_banner = passed anew")), log.log());
        try (SocketClient client = new SocketClient(address)) {
            assertEquals("220 anew", client.reply());
        }
    }

    @Test
    void letsOneTooManyWaitAndHearsWhatItSaysTooEarly() throws IOException {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        group = newGroup(Epoll.isAvailable());
        start();
        server.reload("smtp", TestHost.service(1, List.of()), log.log());
        try (SocketClient first = new SocketClient(address).hello();
                SocketClient second = new SocketClient(address)) {
            second.send("EHLO c.test\r\n");
            assertEquals("250 2.0.0 Ok", first.ask("NOOP"));
            assertFalse(second.hasInput());
            assertEquals("221 2.0.0 Bye", first.ask("QUIT"));
            assertEquals("554 5.5.0 Error: SMTP protocol synchronization", second.reply());
            assertNull(second.reply());
        }
        try (SocketClient third = new SocketClient(address).hello()) {
            assertEquals("250 2.0.0 Ok", third.ask("NOOP"));
        }
    }

    @Test
    void limitsTheSessionsOfAClient() throws IOException {
        start("smtpd_client_connection_count_limit = 2");
        try (SocketClient first = new SocketClient(address).hello();
                SocketClient second = new SocketClient(address).hello();
                SocketClient third = new SocketClient(address)) {
            assertEquals("421 4.7.0 mx.b.test Error: too many connections from 127.0.0.1", third.reply());
            assertNull(third.reply());
            assertEquals("250 2.0.0 Ok", second.ask("NOOP"));
            first.ask("QUIT");
            assertNull(first.reply());
        }
        await("the end of the sessions", this::isWelcome);
        end();
        assertTrue(log.lines()
                .contains("smtpd: warning: Connection concurrency limit exceeded: 3 from unknown[127.0.0.1]"
                        + " for service smtp"));
    }

    /** The first has not closed its end of the connection yet. */
    @Test
    void countsNoSessionWhoseEndItsClientHasSeen() throws IOException {
        start("smtpd_client_connection_count_limit = 1", "smtpd_hard_error_limit = 1");
        try (SocketClient first = new SocketClient(address).hello()) {
            first.ask("NONSENSE");
            assertEquals("421 4.7.0 mx.b.test Error: too many errors", first.ask("NOOP"));
            assertNull(first.reply());
            try (SocketClient second = new SocketClient(address).hello()) {
                assertEquals("250 2.0.0 Ok", second.ask("NOOP"));
            }
        }
    }

    /** As Postfix's anvil, which counts by service and client. */
    @Test
    void countsTheSessionsAndConnectionsOfAClientForEachService() throws IOException {
        String[] limits = {"smtpd_client_connection_count_limit = 1", "smtpd_client_connection_rate_limit = 1"};
        start(limits);
        server.listen(
                "submission",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                TestHost.service(List.of(limits)),
                log.log());
        InetSocketAddress other = server.addresses().get(1);
        try (SocketClient first = new SocketClient(address).hello();
                SocketClient second = new SocketClient(other).hello();
                SocketClient third = new SocketClient(other)) {
            assertEquals("250 2.0.0 Ok", first.ask("NOOP"));
            assertEquals("250 2.0.0 Ok", second.ask("NOOP"));
            assertEquals("421 4.7.0 mx.b.test Error: too many connections from 127.0.0.1", third.reply());
        }
    }

    @Test
    void limitsHowOftenAClientConnects() throws IOException {
        start("smtpd_client_connection_rate_limit = 2");
        for (int i = 0; i < 2; i++) {
            try (SocketClient client = new SocketClient(address).hello()) {
                client.ask("QUIT");
            }
        }
        try (SocketClient third = new SocketClient(address)) {
            assertEquals("421 4.7.0 mx.b.test Error: too many connections from 127.0.0.1", third.reply());
        }
        end();
        assertTrue(log.lines()
                .contains(
                        "smtpd: warning: Connection rate limit exceeded: 3 from unknown[127.0.0.1] for service smtp"));
    }

    private boolean isWelcome() {
        try (SocketClient client = new SocketClient(address)) {
            return String.valueOf(client.reply()).startsWith("220 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void exemptsItsOwnPeopleFromThatLimit() throws IOException {
        start("smtpd_client_connection_count_limit = 1", "mynetworks = 127.0.0.0/8");
        try (SocketClient first = new SocketClient(address).hello();
                SocketClient second = new SocketClient(address).hello()) {
            assertEquals("250 2.0.0 Ok", first.ask("NOOP"));
            assertEquals("250 2.0.0 Ok", second.ask("NOOP"));
        }
    }

    @Test
    void answersAClientThatHasStoppedTalking() throws IOException {
        start();
        queue.holds = true;
        try (SocketClient client = new SocketClient(address).data()) {
            client.send("hi\r\n.\r\nMAIL FROM:<b@a.test>\r\n");
            client.endOutput();
            await("the message", () -> queue.waitingCount() == 1);
            queue.commit();
            assertTrue(client.reply().startsWith("250 2.0.0 Ok: queued as "));
            assertEquals("250 2.1.0 Ok", client.reply());
            assertNull(client.reply());
        }
        end();
        assertTrue(log.lines().contains("smtpd: lost connection after MAIL from unknown[127.0.0.1]"));
    }

    @Test
    void forgetsClientsThatVanish() throws IOException {
        start("smtpd_client_connection_count_limit = 0");
        for (int i = 0; i < 10; i++) {
            vanish(i);
        }
        int before = settledFiles();
        for (int i = 0; i < 400; i++) {
            vanish(i);
        }
        await("the end of the sessions", () -> settledFiles() <= before + 3);
        assertEquals(List.of(), queue.messages());
        assertEquals(0, queue.unfinished().size());
        end();
        assertTrue(log.lines().contains("smtpd: lost connection after DATA (4 bytes) from unknown[127.0.0.1]"));
    }

    private void vanish(int i) throws IOException {
        SocketClient client = new SocketClient(address).data();
        client.send(i % 2 == 0 ? "half" : "x\r\n.");
        if (i % 3 == 0) {
            client.close();
        } else {
            client.reset();
        }
    }

    private static int openFiles() {
        String[] files = new File("/proc/self/fd").list();
        return files == null ? 0 : files.length;
    }

    /** When the count has not changed for a while. */
    private static int settledFiles() {
        int count = openFiles();
        for (int same = 0; same < 200_000; same++) {
            Thread.onSpinWait();
            if (same % 20_000 == 0 && openFiles() != count) {
                count = openFiles();
                same = 0;
            }
        }
        return count;
    }

    @Test
    void saysItsLastWordToAClientThatGoesOnTalking() throws IOException {
        start();
        for (int heard = 0; heard < 20; ) {
            long beganNs = System.nanoTime();
            try {
                hearLastWord();
                heard++;
            } catch (SocketException reset) {
                // Whoever goes on for longer than he is listened to may be cut off: the machine has stood still.
                if (System.nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(2)) {
                    throw reset;
                }
            }
        }
    }

    private void hearLastWord() throws IOException {
        try (SocketClient client = new SocketClient(address).hello()) {
            client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\n");
            client.reply();
            client.reply();
            client.send("DATA\r\nSubject: x\r\n\r\n" + "x\r\n".repeat(100_000));
            assertEquals("554 5.5.0 Error: SMTP protocol synchronization", client.reply());
            assertNull(client.reply());
        }
    }

    @Test
    void saysGoodbyeWhenTheProcessStops() throws Exception {
        start();
        queue.holds = true;
        try (SocketClient idle = new SocketClient(address).hello();
                SocketClient waiting = new SocketClient(address).data()) {
            waiting.send("hi\r\n.\r\n");
            await("the message", () -> queue.waitingCount() == 1);
            Thread closer = new Thread(server::close);
            closer.start();
            assertEquals("421 4.3.2 mx.b.test Service shutting down", idle.reply());
            assertNull(idle.reply());
            queue.commit();
            assertTrue(waiting.reply().startsWith("250 2.0.0 Ok: queued as "));
            assertEquals("421 4.3.2 mx.b.test Service shutting down", waiting.reply());
            assertNull(waiting.reply());
            closer.join();
        }
    }

    @Test
    void namesTheAddressThatItCannotHave() throws IOException {
        start();
        SmtpServer other = new SmtpServer(new SmtpServerParts(
                group,
                queue,
                new Metrics(0),
                NO_DNS,
                ZoneOffset.UTC,
                SmtpServerParts.BODY_BYTES_MAX,
                TestHost.ROOM.sessionsMax()));
        IOException refused = assertThrows(
                IOException.class,
                () -> other.listen("smtp", List.of(address), TestHost.service(List.of()), log.log()));
        assertTrue(
                refused.getMessage().startsWith("bind 127.0.0.1 port " + address.getPort() + ": "),
                refused.getMessage());
        other.close();
    }

    /** Below 16 KB each on the heap; a session that waits holds no buffer. */
    @Test
    void keepsLittleForIdleSessions() throws IOException {
        start("smtpd_client_connection_count_limit = 0");
        int count = 500;
        List<SocketClient> clients = new ArrayList<>();
        try {
            // What earlier tests left behind may go meanwhile: the larger of two rises counts.
            long before = usedHeapBytes();
            openIdle(clients, count);
            long between = usedHeapBytes();
            openIdle(clients, count);
            long each = Math.max(between - before, usedHeapBytes() - between) / count;
            // The clients are in this process too.
            assertTrue(each < 16 << 10, each + " bytes");
            assertTrue(each > 100, each + " bytes, which nobody believes");
        } finally {
            for (SocketClient client : clients) {
                client.close();
            }
        }
    }

    private void openIdle(List<SocketClient> clients, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketClient client = new SocketClient(address).hello();
            client.ask("MAIL FROM:<a@a.test>");
            clients.add(client);
        }
    }

    private static long usedHeapBytes() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

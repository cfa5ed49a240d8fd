// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Clients that keep their sessions as long as they can, beside one that wants to hand in its mail. */
class SlowSessionsIT {
    private static final int SLOW_COUNT = 2000;

    private static final long DRIP_MS = 2000;
    private static final long SHORT_DRIP_MS = 250;

    /** A second is what is wanted; a machine with other work may need more. */
    private static final long GREETING_MS_MAX = 5000;

    private static final int GREETINGS_MAX = 10;

    private static final String SHORT_STRESS = "smtpd_timeout = ${stress?{2}:{300}}s";
    /** The slow ones do not wait for a greeting. */
    private static final String EARLY_TALKERS = "smtpd_forbid_unauth_pipelining = no";

    private static final String IN_CONTENT =
            "EHLO c.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\nSubject: slow\r\n\r\n";

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = KeptLog.ofMany();
    private SmtpServer server;
    private InetSocketAddress address;
    private int handedIn;

    private void start(SmtpServiceSettings settings) throws IOException {
        server = new SmtpServer(new SmtpServerParts(
                group,
                queue,
                new Metrics(0),
                SmtpServerIT.NO_DNS,
                ZoneOffset.UTC,
                SmtpServerParts.BODY_BYTES_MAX,
                TestHost.ROOM.sessionsMax()));
        server.listen("smtp", List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), settings, log.log());
        address = server.addresses().get(0);
    }

    @AfterEach
    void stop() {
        end();
        log.close();
    }

    /** Of the server and all that its loop has to do. */
    private void end() {
        if (server != null && !group.isShuttingDown()) {
            server.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void keepNobodyFromAGreeting() throws IOException {
        Assumptions.assumeTrue(
                ProcessRoom.ofThisProcess(1).openFiles() > 2 * SLOW_COUNT + 500, "skipped: too few open files");
        start(TestHost.service("smtp inet n - n - - smtpd", List.of(EARLY_TALKERS), TestHost.ROOM));
        try (SlowSessions slow = new SlowSessions(address)) {
            slow.open(SLOW_COUNT / 2, "EHL").open(SLOW_COUNT / 2, IN_CONTENT).start(DRIP_MS);
            // The first one stands behind all that they have said so far.
            handInMail();
            long ms = Long.MAX_VALUE;
            for (int i = 0; i < 3 || i < GREETINGS_MAX && ms >= GREETING_MS_MAX; i++) {
                ms = Math.min(ms, handInMail());
            }
            assertTrue(ms < GREETING_MS_MAX, ms + " ms to the greeting");
            try (SocketClient neighbour = SlowSessions.neighbour(address)) {
                assertEquals("421 4.7.0 mx.b.test Error: too many connections from 127.0.1.1", neighbour.reply());
            }
        }
        end();
        List<String> lines = log.lines();
        assertEquals(SLOW_COUNT + 1 + handedIn, count(lines, "smtpd: connect from "));
        assertEquals(0, count(lines, "smtpd: timeout after "));
        assertEquals(
                1,
                count(
                        lines,
                        "master: service \"smtp\": process limit 20000 (default_session_limit = 20000, 65536 open"
                                + " files, 1024 MB of heap, smtpd services: 1)"));
        assertEquals(0, count(lines, "master: warning: "));
    }

    /** Returns how long the greeting took. */
    private long handInMail() throws IOException {
        handedIn++;
        long beforeNs = System.nanoTime();
        try (SocketClient client = new SocketClient(address)) {
            assertTrue(client.reply().startsWith("220 "));
            long greetedNs = System.nanoTime();
            client.ask("EHLO c.test");
            client.ask("MAIL FROM:<a@a.test>");
            client.ask("RCPT TO:<u@b.test>");
            assertTrue(client.ask("DATA").startsWith("354 "));
            assertTrue(client.ask("Subject: quick\r\n\r\n.").startsWith("250 2.0.0 Ok: queued as "));
            return TimeUnit.NANOSECONDS.toMillis(greetedNs - beforeNs);
        }
    }

    private static long count(List<String> lines, String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).count();
    }

    @Test
    void loseTheirPlacesUnderStress() throws IOException {
        start(TestHost.service(20, List.of(SHORT_STRESS, EARLY_TALKERS, "stress_hold_time = 4s")));
        try (SlowSessions slow = new SlowSessions(address).open(20, "EHL").start(SHORT_DRIP_MS);
                SocketClient late = new SocketClient(address)) {
            // Before it is greeted: from then on it has no more time than the others.
            late.send("NONSENSE\r\n");
            assertTrue(late.reply().startsWith("220 "));
            assertEquals("500 5.5.2 Error: command not recognized", late.reply());
            assertEquals("421 4.7.0 mx.b.test Error: too many errors", late.reply());
            assertNull(late.reply());
            for (int i = 0; i < slow.size(); i++) {
                String heard = slow.heardBy(i);
                assertTrue(heard.endsWith("421 4.4.2 mx.b.test Error: timeout exceeded\r\n"), heard);
            }
        }
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (isUnderStress()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "it does not end");
        }
        end();
        List<String> lines = log.lines();
        assertEquals(20, count(lines, "smtpd: timeout after CONNECT from unknown[127.0.1.1]"));
        assertEquals(
                List.of(
                        "master: service \"smtp\": process limit 20 (test)",
                        "master: warning: service \"smtp\" (0) has reached its process limit \"20\":"
                                + " new clients may experience noticeable delays",
                        "master: warning: to avoid this condition, increase the process count in master.cf"
                                + " or reduce the service time per client",
                        "master: warning: see http://www.postfix.org/STRESS_README.html"
                                + " for examples of stress-adapting configuration settings",
                        "master: service \"smtp\" (0) was below that for 4s: stress ends"),
                lines.stream().filter(line -> line.startsWith("master: ")).toList());
    }

    /** Whether one error is too many. */
    private boolean isUnderStress() throws IOException {
        try (SocketClient client = new SocketClient(address).hello()) {
            client.ask("NONSENSE");
            return !"250 2.0.0 Ok".equals(client.ask("NOOP"));
        } catch (IOException e) {
            return true;
        }
    }

    /** It asks anew when the machine was not as quick as it has to be. */
    private void awaitServiceOfOneThatIsQuick() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String said = "";
        while (!said.equals("250 2.0.0 Ok")) {
            assertTrue(System.nanoTime() - deadlineNs < 0, said);
            try (SocketClient quick = new SocketClient(address)) {
                quick.send("EHLO c.test\r\nNOOP\r\n");
                quick.reply();
                quick.reply();
                said = String.valueOf(quick.reply());
            } catch (SocketException hungUp) {
                said = hungUp.toString();
            }
        }
    }

    @Test
    void makeRoomBeforeAnybodyHasToWait() throws IOException {
        SmtpServiceSettings settings = TestHost.service(
                "smtp inet n - n - - smtpd",
                List.of(SHORT_STRESS, EARLY_TALKERS, "default_session_limit = 20"),
                TestHost.ROOM);
        start(settings);
        try (SlowSessions slow = new SlowSessions(address).open(15, "EHL").start(SHORT_DRIP_MS)) {
            awaitServiceOfOneThatIsQuick();
            for (int i = 0; i < slow.size(); i++) {
                String heard = slow.heardBy(i);
                assertTrue(heard.endsWith("421 4.4.2 mx.b.test Error: timeout exceeded\r\n"), heard);
            }
        }
        end();
        List<String> lines = log.lines();
        assertTrue(
                lines.contains("master: warning: service \"smtp\" (0) has 15 sessions, and its process limit is \"20\":"
                        + " clients have to be quick from now on (stress)"),
                lines.toString());
        assertFalse(lines.stream().anyMatch(line -> line.contains("has reached its process limit")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Milters that are not there, slow, gone or odd: their default action, never a session that is stuck, and nothing is lost. */
@Timeout(180)
class BadMilterIT {
    private static final String UNAVAILABLE = "451 4.7.1 Service unavailable - try again later";
    private static final Function<Character, String> CONTENT = command -> "c";

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private SmtpServer server;

    private SocketClient connect(String... mainCf) throws IOException {
        server = new SmtpServer(new SmtpServerParts(
                group,
                queue,
                new Metrics(0),
                SmtpServerIT.NO_DNS,
                ZoneOffset.UTC,
                SmtpServerParts.BODY_BYTES_MAX,
                TestHost.ROOM.sessionsMax()));
        server.listen(
                "smtp",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                TestHost.service(List.of(mainCf)),
                log.log());
        SocketClient client = new SocketClient(server.addresses().get(0));
        client.reply();
        client.ask("EHLO c.test");
        return client;
    }

    /** One that is waited for, but not for long. */
    private static String milters(String address, String... settings) {
        return milters(1, address, settings);
    }

    /** One that answers, however late the machine lets it. */
    private static String readyMilters(String address, String... settings) {
        return milters(60, address, settings);
    }

    private static String milters(int seconds, String address, String... settings) {
        return "smtpd_milters = { " + address + ", command_timeout=" + seconds + "s, content_timeout=" + seconds + "s, "
                + String.join(", ", settings) + " }";
    }

    /** What is said to each command of a message, or to the first that is refused. */
    private static String send(SocketClient client) throws IOException {
        for (String command : List.of("MAIL FROM:<s@a.test>", "RCPT TO:<u@b.test>", "DATA")) {
            String reply = client.ask(command);
            if (reply == null || reply.charAt(0) > '3') {
                return reply;
            }
        }
        return client.ask("Subject: x\r\n\r\nhello\r\n.");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
    }

    @Test
    void refusesMailForNowWithoutIt() throws Exception {
        String closed;
        // Nobody listens there, and nobody else gets the port.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            closed = "inet:127.0.0.1:" + taken.getLocalPort();
            try (SocketClient client = connect(readyMilters(closed, "default_action=tempfail"))) {
                assertEquals(UNAVAILABLE, send(client));
                assertEquals("250 2.0.0 Ok", client.ask("RSET"));
            }
        }
        assertTrue(log.lines().stream()
                .anyMatch(line ->
                        line.endsWith("warning: connect to Milter service " + closed + ": Connection refused")));
    }

    @Test
    void goesOnWithoutItWhereItIsToldTo() throws Exception {
        try (FakeMilter milter = new FakeMilter("x", CONTENT);
                SocketClient client = connect(milters(milter.address(), "default_action=accept"))) {
            assertTrue(send(client).startsWith("250 2.0.0 Ok: queued"));
            assertEquals(1, queue.messages().size());
        }
    }

    @Test
    void holdsMailWithoutItWhereItIsToldTo() throws Exception {
        try (FakeMilter milter = new FakeMilter(command -> command == 'E' ? "!" : "c");
                SocketClient client = connect(readyMilters(milter.address(), "default_action=quarantine"))) {
            assertTrue(send(client).startsWith("250 2.0.0 Ok: queued"));
            assertEquals(4, queue.messages().get(0).bodyFlags() & 4, "held");
        }
    }

    @Test
    void doesNotWaitForASilentOne() throws Exception {
        try (FakeMilter milter = new FakeMilter(command -> command == 'M' ? "" : "c");
                SocketClient client = connect(milters(milter.address(), "default_action=reject"))) {
            assertEquals("550 5.5.0 Service unavailable", send(client));
            assertEquals("550 5.5.0 Service unavailable", send(client));
        }
    }

    @Test
    void doesNotWaitForOneThatIsSilentAtTheEnd() throws Exception {
        try (FakeMilter milter = new FakeMilter(command -> command == 'E' ? "" : "c");
                SocketClient client = connect(milters(milter.address(), "default_action=tempfail"))) {
            assertEquals(UNAVAILABLE, send(client));
            assertEquals(0, queue.messages().size());
        }
    }

    @Test
    void waitsForOneThatSaysThatItIsAtWork() throws Exception {
        try (FakeMilter milter = new FakeMilter(command -> command == 'E' ? "p" : "c");
                SocketClient client = connect(milters(milter.address(), "default_action=tempfail"))) {
            // It says so once, and never ends.
            assertEquals(UNAVAILABLE, send(client));
        }
    }

    @Test
    void believesNoNonsense() throws Exception {
        for (String odd : List.of("z", "cx", "m\0\0\0\1\0\0", "y250 fine", "hX\0a\0", "!")) {
            try (FakeMilter milter = new FakeMilter(command -> command == 'R' ? odd : "c");
                    SocketClient client = connect(milters(milter.address(), "default_action=tempfail"))) {
                assertEquals(UNAVAILABLE, send(client), odd);
                assertEquals("250 2.0.0 Ok", client.ask("RSET"), odd);
            }
            server.close();
        }
        assertEquals(0, queue.messages().size());
    }

    @Test
    void changesNothingForOneThatGoesBeforeItsVerdict() throws Exception {
        String added = "hX-A\0b\0";
        try (FakeMilter milter = new FakeMilter(command -> command == 'E' ? added : "c");
                SocketClient client = connect(milters(milter.address(), "default_action=accept"))) {
            assertTrue(send(client).startsWith("250 2.0.0 Ok: queued"));
            assertFalse(queue.messages().get(0).content().contains("X-A"));
        }
    }

    @Test
    void tellsAnOldOneWhatItKnows() throws Exception {
        try (FakeMilter milter = new FakeMilter("O\0\0\0\2\0\0\0\0\0\0\0\0", CONTENT);
                SocketClient client = connect(readyMilters(milter.address(), "default_action=tempfail"))) {
            assertTrue(send(client).startsWith("250 2.0.0 Ok: queued"));
            client.ask("XYZZY");
            assertFalse(milter.heard.contains('T') || milter.heard.contains('U'), () -> milter.heard.toString());
            assertTrue(milter.heard.contains('L') && milter.heard.contains('B'));
        }
    }

    @Test
    void asksNoneWhereATableSaysSo() throws Exception {
        try (FakeMilter milter = new FakeMilter(command -> "r");
                SocketClient client = connect(
                        readyMilters(milter.address(), "default_action=tempfail"),
                        "smtpd_milter_maps = inline:{ 127.0.0.1=DISABLE }")) {
            assertTrue(send(client).startsWith("250 2.0.0 Ok: queued"));
            assertEquals(List.of(), milter.heard);
        }
    }

    @Test
    void asksNoneForARowThatLeavesThemOut() throws Exception {
        try (FakeMilter milter = new FakeMilter(command -> "r");
                SocketClient client = connect(
                        readyMilters(milter.address(), "default_action=tempfail"),
                        "receive_override_options = no_milters")) {
            assertTrue(send(client).startsWith("250 2.0.0 Ok: queued"));
            assertEquals(List.of(), milter.heard);
        }
    }
}

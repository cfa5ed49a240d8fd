// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.intake.StepOutcome;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions on one event loop, with a step that answers when it likes. Issue 10. */
class SlowStepIT {
    private static final String SLOW = "X-Slow: yes\r\n\r\n";
    private static final String LARGE = ("x".repeat(62) + "\r\n").repeat(10_000);

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final TestSteps.Slow slow = new TestSteps.Slow(Duration.ofSeconds(60));
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private SmtpServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        server = new SmtpServer(new SmtpServerParts(
                group,
                queue,
                new Metrics(0),
                SmtpServerIT.NO_DNS,
                ZoneOffset.UTC,
                SmtpServerParts.BODY_BYTES_MAX,
                TestHost.ROOM.sessionsMax()));
        SmtpServiceSettings service = TestHost.service(List.of("local_header_rewrite_clients ="));
        SmtpServerSettings calm = withStep(service.calm());
        server.listen(
                "smtp",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new SmtpServiceSettings(calm, calm, false, service.cap(), service.stressHold()),
                log.log());
        address = server.addresses().get(0);
    }

    private SmtpServerSettings withStep(SmtpServerSettings settings) {
        return new SmtpServerSettings(
                settings.hostName(),
                settings.banner(),
                settings.protocol(),
                settings.commandFilter(),
                settings.limits(),
                settings.clients(),
                settings.rewriter(),
                settings.recipients(),
                settings.probeSender(),
                settings.restrictions(),
                settings.auth(),
                settings.footer(),
                TestSteps.settings(slow),
                settings.milters(),
                settings.proxy(),
                settings.postmaster(),
                settings.flushDomains(),
                settings.tls());
    }

    @AfterEach
    void stop() {
        server.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
    }

    /** What other threads are about to do. */
    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, () -> "in vain: " + what);
            Thread.sleep(1);
        }
    }

    @Test
    void keepsOnlyItsOwnSessionWaiting() throws Exception {
        try (SocketClient waits = new SocketClient(address).data();
                SocketClient other = new SocketClient(address).data()) {
            waits.send(SLOW + ".\r\nNOOP\r\n");
            await("asked", slow::isAsked);
            for (int i = 0; i < 20; i++) {
                assertTrue(other.ask("X: y\r\n\r\n.").startsWith("250 2.0.0 Ok: queued as "));
                other.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
                other.reply();
                other.reply();
                assertTrue(other.reply().startsWith("354 "));
            }
            assertFalse(waits.hasInput());
            slow.answer(message -> {
                message.header().prepend("X-Answer", "late");
                return StepOutcome.DONE;
            });
            assertTrue(waits.reply().startsWith("250 2.0.0 Ok: queued as "));
            assertEquals("250 2.0.0 Ok", waits.reply());
        }
        assertTrue(queue.messages().get(20).content().startsWith("X-Answer: late\r\nReceived: "));
    }

    @Test
    void forgetsTheMessageOfAClientThatGoes() throws Exception {
        try (SocketClient gone = new SocketClient(address).data()) {
            gone.send(SLOW + LARGE + ".\r\n");
            await("asked", slow::isAsked);
            assertEquals(1, queue.unfinished().size());
            gone.reset();
        }
        await("abandoned", () -> queue.abandoned().size() == 1);
        slow.answer(message -> StepOutcome.DONE);
        try (SocketClient other = new SocketClient(address).data()) {
            assertTrue(other.ask("X: y\r\n\r\n.").startsWith("250 2.0.0 Ok: queued as "));
        }
        assertEquals(1, queue.messages().size());
        assertEquals(0, queue.unfinished().size());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.FileBody;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpTransportIT {
    private static final String PIPELINING = "250-PIPELINING\r\n";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    private Courier courier(SmtpClientSettings settings) {
        return opened(new Courier(settings, Courier.routes()));
    }

    private FakeSite always(FakeSite.Script script) {
        return opened(FakeSite.always("127.0.0.1", 0, script));
    }

    private static String hop(FakeSite site) {
        return "[127.0.0.1]:" + site.port();
    }

    /** As far as DATA's reply, without PIPELINING. */
    private static void untilData(FakeSite.Wire wire) throws IOException {
        wire.reply("220 mx.test");
        wire.readLine();
        wire.reply("250 mx.test");
        for (int i = 0; i < 2; i++) {
            wire.readLine();
            wire.reply("250 ok");
        }
        wire.readLine();
        wire.reply("354 go");
    }

    private static String content(int bytes) {
        StringBuilder text = new StringBuilder("Subject: big\n\n");
        for (int i = 0; text.length() < bytes; i++) {
            text.append(i % 7 == 0 ? "." : "").append("line ").append(i).append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsALargeBodyOfSeveralPartsWhole(boolean epoll) throws Exception {
        assumeTrue(!epoll || Epoll.isAvailable(), "no native epoll here");
        String content = content(5_000_000);
        AtomicReference<String> received = new AtomicReference<>("");
        FakeSite site = always(wire -> {
            untilData(wire);
            received.set(wire.readContent());
            wire.reply("250 2.0.0 Ok");
        });
        Courier courier = opened(new Courier(Courier.settings(), Courier.routes(), epoll));
        FileBody body = FileBody.of(content, 3);
        DeliveryReport report = Courier.await(courier.send(hop(site), Courier.envelope("a@a.test", "u@b.test"), body));
        assertEquals("sent 2.0.0 250 2.0.0 Ok", Courier.show(report.outcomes()[0]));
        assertTrue(content.equals(received.get()), "content differs");
        body.awaitRelease();
    }

    /** Copied by the kernel, and by a filter. */
    @ParameterizedTest
    @ValueSource(ints = {70, 3000})
    void sendsAnotherHeadInFrontOfWhatIsStored(int lineBytes) throws Exception {
        AtomicReference<String> received = new AtomicReference<>("");
        FakeSite site = always(wire -> {
            untilData(wire);
            received.set(wire.readContent());
            wire.reply("250 2.0.0 Ok");
        });
        String rest = "Subject: x\n\n" + ("y".repeat(lineBytes) + "\n").repeat(100);
        FileBody body = FileBody.of("From: a@a.test\n" + rest, 2).replacing(16, "From: other@a.test\r\n");
        Courier.await(courier(Courier.settings()).send(hop(site), Courier.envelope("a@a.test", "u@b.test"), body));
        assertEquals("From: other@a.test\n" + rest, received.get().replace("\n ", ""));
        body.awaitRelease();
    }

    @Test
    void breaksLongLinesOfALargeBody() throws Exception {
        // Nothing else in it: what the server gets is as long as it was, but for the breaks.
        String content = "Subject: x\n\n" + ".y".repeat(2_000_000) + "\n" + content(100_000);
        AtomicReference<String> received = new AtomicReference<>("");
        FakeSite site = always(wire -> {
            untilData(wire);
            received.set(wire.readContent());
            wire.reply("250 2.0.0 Ok");
        });
        FileBody body = FileBody.of(content, 2);
        Courier.await(courier(Courier.settings()).send(hop(site), Courier.envelope("a@a.test", "u@b.test"), body));
        assertTrue(received.get().lines().allMatch(line -> line.length() <= 998));
        assertTrue(content.equals(received.get().replace("\n ", "")), "content differs");
        body.awaitRelease();
    }

    @Test
    void holdsLittleOfABodyThatAServerDoesNotRead() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeSite site = always(wire -> {
            untilData(wire);
            awaitQuietly(end);
        });
        long usedBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
                + ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                        .metric()
                        .usedDirectMemory();
        Courier courier = courier(Courier.impatientWithContent(Duration.ofMillis(400)));
        FileBody body = FileBody.of("x".repeat(50_000_000) + "\n");
        CompletableFuture<DeliveryReport> answer =
                courier.send(hop(site), Courier.envelope("a@a.test", "u@b.test"), body);
        assertEquals(
                "deferred 4.4.2 conversation with 127.0.0.1[127.0.0.1] timed out while sending message body",
                Courier.show(Courier.await(answer).outcomes()[0]));
        long usedAfter = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
                + ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                        .metric()
                        .usedDirectMemory();
        assertTrue(usedAfter - usedBefore < 20_000_000, "used " + (usedAfter - usedBefore));
        body.awaitRelease();
        end.countDown();
    }

    @Test
    void readsRepliesWhileItWritesThousandsOfCommands() throws Exception {
        int count = 10_000;
        FakeSite site = always(wire -> {
            wire.reply("220 mx.test");
            wire.readLine();
            wire.reply("250-mx.test\r\n250 PIPELINING");
            wire.readLine();
            wire.reply("250 ok");
            // The replies are longer than the commands: one side that only writes would stop both.
            String reply = "250 2.1.5 " + "x".repeat(500);
            for (int i = 0; i < count; i++) {
                wire.readLine();
                wire.reply(reply);
            }
            wire.readLine();
            wire.reply("354 go");
            wire.readContent();
            wire.reply("250 2.0.0 Ok");
        });
        String[] recipients =
                IntStream.range(0, count).mapToObj(i -> "user" + i + "@b.test").toArray(String[]::new);
        DeliveryReport report = Courier.await(courier(Courier.settings())
                .send(hop(site), Courier.envelope("a@a.test", recipients), FileBody.of("x\n")));
        for (DeliveryOutcome outcome : report.outcomes()) {
            assertEquals(Kind.DELIVERED, outcome.kind());
        }
    }

    @Test
    void boundsWhatItReadsOfAReply() throws Exception {
        FakeSite site = always(wire -> wire.send("550-" + "x".repeat(4_000_000) + "\r\n550 x\r\n"));
        DeliveryReport report = Courier.await(courier(Courier.settings()).send(hop(site)));
        String text = Courier.show(report.outcomes()[0]);
        assertTrue(text.startsWith("deferred 4.0.0 host 127.0.0.1[127.0.0.1] refused to talk to me: 550-xxx"), text);
        assertTrue(text.length() < 2_200, text);
    }

    @Test
    void givesUpOnAServerThatStopsReading() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeSite site = always(wire -> {
            untilData(wire);
            awaitQuietly(end);
        });
        Courier courier = courier(Courier.impatientWithContent(Duration.ofMillis(300)));
        FileBody body = FileBody.of(content(20_000_000));
        DeliveryReport report = Courier.await(courier.send(hop(site), Courier.envelope("a@a.test", "u@b.test"), body));
        assertEquals(
                "deferred 4.4.2 conversation with 127.0.0.1[127.0.0.1] timed out while sending message body",
                Courier.show(report.outcomes()[0]));
        assertEquals(report.outcomes()[0].text(), report.siteFailure());
        body.awaitRelease();
        end.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsOnWithAServerThatReadsSlowly() throws Exception {
        Courier courier = courier(Courier.settings().withTimeouts(Courier.watched(Duration.ofSeconds(300))));
        FakeSite site = always(wire -> {
            wire.socket().setReceiveBufferSize(16 * 1024);
            untilData(wire);
            // In steps that are each shorter than the limit, and together longer; each of more than lies between the
            // two.
            for (int i = 0; i < 4; i++) {
                for (int left = 5_000_000; left > 0; ) {
                    left -= wire.read(left).length;
                }
                courier.letPass(Duration.ofSeconds(200));
            }
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith("\r\n.\r\n")) {
                seen.append(new String(wire.read(200_000), StandardCharsets.ISO_8859_1));
                seen.delete(0, Math.max(0, seen.length() - 5));
            }
            wire.reply("250 2.0.0 Ok");
        });
        DeliveryReport report = Courier.await(
                courier.send(hop(site), Courier.envelope("a@a.test", "u@b.test"), FileBody.of(content(30_000_000))));
        assertEquals("sent 2.0.0 250 2.0.0 Ok", Courier.show(report.outcomes()[0]));
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void letsNoSlowServerDelayAnother() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeSite slow = always(wire -> awaitQuietly(end));
        FakeSite fast = always(wire -> wire.serve(PIPELINING));
        Courier courier = courier(Courier.settings());
        List<CompletableFuture<DeliveryReport>> waiting = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waiting.add(courier.send(hop(slow)));
        }
        for (int i = 0; i < 50; i++) {
            DeliveryReport report = Courier.await(courier.send(hop(fast)));
            assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
        }
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
        end.countDown();
        for (CompletableFuture<DeliveryReport> answer : waiting) {
            assertEquals(
                    "lost connection with 127.0.0.1[127.0.0.1] while receiving the initial server greeting",
                    Courier.await(answer).siteFailure());
        }
    }

    @Test
    void carriesManyMessagesOverFewConnections() throws Exception {
        FakeSite site = always(wire -> wire.serve(PIPELINING));
        Courier courier = courier(Courier.settings());
        for (int round = 0; round < 20; round++) {
            List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                answers.add(courier.send(hop(site)));
            }
            for (CompletableFuture<DeliveryReport> answer : answers) {
                DeliveryOutcome outcome = Courier.await(answer).outcomes()[0];
                assertEquals(Kind.DELIVERED, outcome.kind());
                assertTrue(outcome.connectionUseCount() > 0 && (round > 0 || outcome.connectionUseCount() <= 5));
                assertEquals("127.0.0.1[127.0.0.1]:" + site.port(), outcome.relay());
                assertEquals("127.0.0.1", outcome.remoteMta());
            }
        }
        assertTrue(site.connectionCount() <= 5, "connections: " + site.connectionCount());
    }

    @Test
    void endsAConnectionThatHasCarriedEnough() throws Exception {
        List<Integer> counts = new ArrayList<>();
        FakeSite site = always(wire -> {
            int count = wire.serve("");
            synchronized (counts) {
                counts.add(count);
            }
        });
        Courier courier = courier(
                Courier.settings().withReuse(new SessionReuse(Courier.KEPT.idle(), 3, Courier.KEPT.lifetime(), true)));
        for (int i = 0; i < 9; i++) {
            assertEquals(
                    Kind.DELIVERED,
                    Courier.await(courier.send(hop(site))).outcomes()[0].kind());
        }
        assertEquals(3, site.connectionCount());
        courier.transport.close();
        synchronized (counts) {
            assertTrue(counts.stream().allMatch(count -> count == 3), counts.toString());
        }
    }

    @Test
    void endsAConnectionThatIsOld() throws Exception {
        FakeSite site = always(wire -> wire.serve(""));
        Courier courier = courier(
                Courier.settings().withReuse(new SessionReuse(Courier.KEPT.idle(), 0, Duration.ofNanos(1), true)));
        Courier.await(courier.send(hop(site)));
        Courier.await(courier.send(hop(site)));
        assertEquals(2, site.connectionCount());
    }

    @Test
    void survivesIdleSessionsThatAllDied() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        CountDownLatch kill = new CountDownLatch(1);
        // None of them is idle before the last has begun, which would go over it.
        CountDownLatch begun = new CountDownLatch(4);
        FakeSite site = always(wire -> {
            if (connections.incrementAndGet() > 4) {
                wire.serve(PIPELINING);
                return;
            }
            begun.countDown();
            awaitQuietly(begun);
            untilData(wire);
            wire.readContent();
            wire.reply("250 2.0.0 Ok");
            awaitQuietly(kill);
            wire.reset();
        });
        Courier courier = courier(Courier.settings());
        List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(courier.send(hop(site)));
        }
        for (CompletableFuture<DeliveryReport> answer : answers) {
            assertEquals(Kind.DELIVERED, Courier.await(answer).outcomes()[0].kind());
        }
        kill.countDown();
        for (int i = 0; i < 8; i++) {
            assertEquals(
                    Kind.DELIVERED,
                    Courier.await(courier.send(hop(site))).outcomes()[0].kind());
        }
    }

    @Test
    void namesARefusedConnection() throws Exception {
        int port = opened(ClosedPort.take()).number();
        Courier courier = courier(Courier.settings());
        DeliveryReport report = Courier.await(courier.send("[127.0.0.1]:" + port));
        String text = "connect to 127.0.0.1[127.0.0.1]:" + port + ": Connection refused";
        assertEquals("deferred 4.4.1 " + text, Courier.show(report.outcomes()[0]));
        assertEquals("none", report.outcomes()[0].relay());
        assertEquals(text, report.siteFailure());
        assertEquals(List.of(text), courier.log);
    }

    @Test
    void refusesANextHopThatIsNone() throws Exception {
        DeliveryReport report = Courier.await(courier(Courier.settings()).send("[b.test"));
        assertEquals("deferred 4.3.5 invalid next-hop destination: [b.test", Courier.show(report.outcomes()[0]));
    }

    @Test
    void bindsToTheGivenAddress() throws Exception {
        AtomicReference<String> client = new AtomicReference<>("");
        FakeSite site = always(wire -> {
            client.set(wire.socket().getInetAddress().getHostAddress());
            wire.serve("");
        });
        SmtpClientSettings base = Courier.settings();
        Courier courier = courier(new SmtpClientSettings(
                base.myHostname(),
                base.heloName(),
                base.helloMode(),
                true,
                25,
                2,
                998,
                true,
                InetAddress.getByName("127.0.0.9"),
                null,
                base.timeouts(),
                base.reuse()));
        Courier.await(courier.send(hop(site)));
        assertEquals("127.0.0.9", client.get());
    }

    @Test
    void speaksOverIpv6() throws Exception {
        boolean present = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1"));
        assumeTrue(present, "no IPv6 loopback here");
        FakeSite site = opened(FakeSite.always("::1", 0, wire -> wire.serve("")));
        DeliveryReport report = Courier.await(courier(Courier.settings()).send("[IPv6:::1]:" + site.port()));
        assertEquals("::1[::1]:" + site.port(), report.outcomes()[0].relay());
    }

    @Test
    void measuresConnectionAndTransmissionApart() throws Exception {
        FakeSite site = always(wire -> {
            pause(60);
            wire.serve("");
        });
        Courier courier = courier(Courier.settings());
        DeliveryReport first = Courier.await(courier.send(hop(site)));
        DeliveryReport second = Courier.await(courier.send(hop(site)));
        assertTrue(first.connectNs() >= 50_000_000, "connect " + first.connectNs());
        assertTrue(first.transmitNs() > 0);
        assertEquals(0, second.connectNs());
        assertTrue(second.transmitNs() > 0);
        assertNull(second.siteFailure());
    }

    @Test
    void reportsEverythingWhenItCloses() throws Exception {
        FakeSite silent = always(wire -> wire.readLine());
        FakeSite slow = always(wire -> {
            untilData(wire);
            wire.readContent();
            wire.readLine();
        });
        Courier courier = courier(Courier.settings());
        FileBody body = FileBody.of("x\n");
        Envelope envelope = Courier.envelope("a@a.test", "u@b.test");
        CompletableFuture<DeliveryReport> connecting = courier.send(hop(silent));
        CompletableFuture<DeliveryReport> sending = courier.send(hop(slow), envelope, body);
        while (slow.connectionCount() == 0 || silent.connectionCount() == 0) {
            Thread.onSpinWait();
        }
        courier.transport.close();
        for (CompletableFuture<DeliveryReport> answer : List.of(connecting, sending, courier.send(hop(slow)))) {
            DeliveryReport report = Courier.await(answer);
            assertEquals(
                    "deferred 4.3.2 delivery stopped: mail system is shutting down",
                    Courier.show(report.outcomes()[0]));
            assertNull(report.siteFailure());
        }
        body.awaitRelease();
        assertFalse(courier.loops.isShuttingDown());
    }
}

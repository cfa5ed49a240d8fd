// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoadLoopbackIT {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofSeconds(300);
    private static final SinkSettings TAKES_ALL = SinkSettings.acceptingAll(ANY_PORT);

    private static LoadResult run(LoadSettings settings) throws IOException {
        try (LoadSource source = LoadSource.start(settings)) {
            return source.await(LONG);
        }
    }

    private static SinkSettings sink(int deferPercent, int failPercent, int connectionsMax, int messagesPerConnection) {
        return new SinkSettings(
                List.of(ANY_PORT), 0, deferPercent, failPercent, connectionsMax, messagesPerConnection, 0, 7, 1, null);
    }

    @Test
    void deliversEveryMessageOnce() throws IOException {
        try (DiscardSink sink = DiscardSink.open(TAKES_ALL)) {
            LoadResult result = run(LoadSettings.closedLoop(sink.address(), 8, 2000, 3000));
            SinkCounts counts = sink.counts();
            assertEquals(2000, result.acknowledged().size());
            assertEquals(2000, result.latencies().getTotalCount());
            assertEquals(0, result.acknowledged().missingFrom(sink.seen()));
            assertEquals(2000, counts.unique());
            assertEquals(0, counts.duplicates() + counts.unnumbered());
            assertEquals(8, counts.peakConnections());
            assertEquals(3000, counts.bytes() / counts.messages(), 3);
        }
    }

    @Test
    void sendsOneCommandAtATimeOverTwoLoops() throws IOException {
        SinkSettings twoLoops =
                new SinkSettings(List.of(ANY_PORT), 0, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 1, 2, null);
        try (DiscardSink sink = DiscardSink.open(twoLoops)) {
            LoadResult result = run(new LoadSettings(
                    sink.address(), 5, 1_000_000, 100, 200_000, List.of("a.test", "b.test"), false, 0, LONG, 2, null));
            assertEquals(100, result.acknowledged().size());
            assertEquals(100, sink.counts().unique());
        }
    }

    @Test
    void beginsTlsWhereItIsToldTo() throws IOException {
        KeyChain chain = KeyChain.read(TestCertificates.FILES, "server.pem", "server.key");
        SslContext server = SslContextBuilder.forServer(chain.key(), chain.certificateArray())
                .build();
        SslContext client = SslContextBuilder.forClient()
                .trustManager(new AnyCertificate(List.of()))
                .build();
        try (DiscardSink sink = DiscardSink.open(TAKES_ALL.withTls(server))) {
            LoadResult result =
                    run(LoadSettings.closedLoop(sink.address(), 3, 100, 3000).withTls(client));
            assertEquals(100, result.acknowledged().size());
            assertEquals(100, sink.counts().unique());
            assertEquals(3, sink.counts().peakConnections());
        }
    }

    @Test
    void keepsToItsRate() throws IOException {
        try (DiscardSink sink = DiscardSink.open(TAKES_ALL)) {
            LoadResult result =
                    run(LoadSettings.closedLoop(sink.address(), 4, 300, 500).withRate(1000));
            assertEquals(300, result.acknowledged().size());
            assertTrue(result.seconds() >= 0.299, "ended early: " + result.seconds());
        }
    }

    @Test
    void chargesAStallToTheMessagesThatItHeldUp() throws IOException {
        int delayMs = 50;
        SinkSettings slow =
                new SinkSettings(List.of(ANY_PORT), 0, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, delayMs, 1, 1, null);
        try (DiscardSink sink = DiscardSink.open(slow)) {
            // One session, two delays a message at least: far behind 100 messages a second.
            LoadResult result =
                    run(LoadSettings.closedLoop(sink.address(), 1, 10, 500).withRate(100));
            double lastLateMs = 10 * 2 * delayMs - 9 * 10.0;
            assertTrue(
                    result.latencies().getMaxValue() / 1000.0 > lastLateMs,
                    "only " + result.latencies().getMaxValue());
        }
    }

    @Test
    void countsWhatTheSinkDefersAndFails() throws IOException {
        try (DiscardSink sink = DiscardSink.open(sink(30, 20, Integer.MAX_VALUE, Integer.MAX_VALUE))) {
            LoadResult result = run(LoadSettings.closedLoop(sink.address(), 4, 1000, 500));
            SinkCounts counts = sink.counts();
            assertEquals(counts.deferred(), result.transientCount());
            assertEquals(counts.failed(), result.permanentCount());
            assertEquals(counts.unique(), result.acknowledged().size());
            assertEquals(1000, counts.unique() + counts.deferred() + counts.failed());
            assertEquals(300, counts.deferred(), 90);
            assertEquals(200, counts.failed(), 80);
        }
    }

    @Test
    void connectsAnewWhenTheSinkEndsConnections() throws IOException {
        try (DiscardSink sink = DiscardSink.open(sink(0, 0, Integer.MAX_VALUE, 10))) {
            LoadResult result = run(LoadSettings.closedLoop(sink.address(), 2, 100, 500));
            assertEquals(100, sink.counts().unique() + result.transientCount());
            assertTrue(result.reconnectCount() >= 8, "reconnects: " + result.reconnectCount());
        }
    }

    @Test
    void refusesConnectionsAboveItsLimit() throws IOException {
        try (DiscardSink sink = DiscardSink.open(sink(0, 0, 3, Integer.MAX_VALUE))) {
            LoadResult result = run(LoadSettings.closedLoop(sink.address(), 6, 2000, 500));
            assertEquals(2000, result.acknowledged().size());
            assertEquals(3, sink.counts().peakConnections());
            assertTrue(sink.counts().refused() >= 3, "refused: " + sink.counts().refused());
        }
    }

    @Test
    void defersEverythingOnTheAddressesThatAreToldSo() throws IOException {
        SinkSettings half =
                new SinkSettings(List.of(ANY_PORT), 1, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 1, 1, null);
        try (DiscardSink sink = DiscardSink.open(half)) {
            LoadResult result = run(LoadSettings.closedLoop(sink.address(), 2, 50, 500));
            assertEquals(50, result.transientCount());
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        // Bound, so that nobody else gets the port, and not listening.
        try (Socket bound = new Socket()) {
            bound.bind(ANY_PORT);
            InetSocketAddress closed = (InetSocketAddress) bound.getLocalSocketAddress();
            assertThrows(IOException.class, () -> run(LoadSettings.closedLoop(closed, 20, 5, 500)));
        }
    }
}

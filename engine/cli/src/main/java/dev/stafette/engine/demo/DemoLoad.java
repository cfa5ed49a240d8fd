// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.LoadSettings;
import dev.stafette.engine.load.LoadSource;
import dev.stafette.engine.metrics.Count;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Sends messages to the relay of a demo and waits until the site has them.
 * Thread: main.
 */
final class DemoLoad {
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(60);
    private static final long DELIVERY_WAIT_NS = Duration.ofSeconds(60).toNanos();
    private static final long PROGRESS_MS = 200;
    private static final long END_POLL_MS = 10;

    private final DemoSettings settings;
    private final MtaProcess relay;
    private final MtaProcess site;
    private final int port;
    private final ProgressLine progress;

    // Owned by main.
    private long sentCount;
    private long acknowledgedCount;

    DemoLoad(DemoSettings settings, MtaProcess relay, MtaProcess site, int port, ProgressLine progress) {
        this.settings = settings;
        this.relay = relay;
        this.site = site;
        this.port = port;
        this.progress = progress;
    }

    /** Lets the JVMs compile what is hot; the messages are whole ones, but do not count. */
    void warmUp() throws IOException {
        if (!settings.warmUpLimit().isZero()) {
            send("warming up", settings.warmUpLimit());
        }
    }

    DemoFigures measure() throws IOException {
        CpuTime cpuBefore = relay.cpuTime();
        Map<String, Histogram> before = relay.histograms();
        long deliveredBefore = delivered();
        long startNs = System.nanoTime();
        LoadResult sent = send("measuring", settings.timeLimit());
        double seconds = (System.nanoTime() - startNs) / 1e9;
        Map<String, Histogram> histograms = relay.histograms();
        before.forEach((stage, earlier) -> {
            Histogram whole = histograms.get(stage);
            if (whole != null) {
                whole.subtract(earlier);
            }
        });
        long arrived = count(site, Count.MESSAGES_ACCEPTED)
                - (acknowledgedCount - sent.acknowledged().size());
        return new DemoFigures(
                sent,
                delivered() - deliveredBefore,
                arrived,
                seconds,
                relay.cpuTime().since(cpuBefore),
                histograms);
    }

    /** Returns when all that the relay took has been delivered, or when it takes too long. */
    private LoadResult send(String what, Duration timeLimit) throws IOException {
        LoadSettings load = LoadSettings.closedLoop(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        settings.sessionCount(),
                        settings.messageCount(),
                        settings.messageBytes())
                .withMessages(sentCount, settings.messageCount())
                .withTimeLimit(timeLimit);
        sentCount += settings.messageCount();
        LoadResult sent;
        try (LoadSource source = LoadSource.start(load)) {
            while (!source.isEnded() && relay.isAlive() && site.isAlive()) {
                show(what, source.acknowledgedCount());
                pause(PROGRESS_MS);
            }
            sent = source.await(ANSWER_WAIT);
        }
        int acknowledged = sent.acknowledged().size();
        acknowledgedCount += acknowledged;
        long deadlineNs = System.nanoTime() + DELIVERY_WAIT_NS;
        while (delivered() < acknowledgedCount && System.nanoTime() - deadlineNs < 0) {
            show(what, acknowledged);
            pause(END_POLL_MS);
        }
        return sent;
    }

    private void show(String what, int acknowledged) throws IOException {
        progress.show(String.format(
                Locale.ROOT,
                "  %s: %,d of %,d accepted, %,d in the queue",
                what,
                acknowledged,
                settings.messageCount(),
                count(relay, Count.MESSAGES_ACCEPTED) - delivered()));
    }

    private long delivered() throws IOException {
        return count(relay, Count.RECIPIENTS_DELIVERED);
    }

    private static long count(MtaProcess process, Count count) throws IOException {
        return process.counts().getOrDefault(count.text(), 0L);
    }

    private static void pause(long ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

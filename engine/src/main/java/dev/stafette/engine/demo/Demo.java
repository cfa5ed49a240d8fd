// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * {@code stafette demo}: sends messages through a relay to a receiving site and shows how long that took.
 * Thread: main.
 *
 * <p>Relay and site are two instances of the mail system, each in a process of its own as {@code postfix start-fg} runs it;
 * this process is nothing but the source. The site stores every message as durably as the relay before it discards it, so
 * the machine does all of the work twice, and starts with cold code: the figures say what it does at least. Those of the
 * benchmarks are taken with a sink that stores nothing.
 */
public final class Demo {
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(60);
    private static final long DELIVERY_WAIT_MS = 60_000;
    private static final long PROGRESS_MS = 200;
    private static final long END_POLL_MS = 20;
    private static final int DELETE_ATTEMPTS = 50;
    private static final long DELETE_PAUSE_MS = 50;
    private static final String DELIVERED = "recipients_delivered_total";
    private static final String MEMORY_FILE_SYSTEM = "tmpfs";
    private static final Path PERSISTENT_TEMPORARY = Path.of("/var/tmp");

    private final DemoSettings settings;
    private final PrintStream out;
    private final boolean isTerminal;

    /** {@code isTerminal}: the progress line can be written over. */
    public Demo(DemoSettings settings, PrintStream out, boolean isTerminal) {
        this.settings = settings;
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Returns whether every message that the relay acknowledged has arrived. */
    public boolean run() throws IOException {
        Path parent = MtaDirectory.createParent(place(settings.directory()), "stafette-demo-");
        AtExit cleaner = new AtExit(() -> deleteAtLast(parent));
        try {
            return run(parent);
        } finally {
            MtaDirectory.delete(parent);
            cleaner.close();
        }
    }

    /** What is synced to a file system in memory is as fast as it is worthless. */
    private static Path place(@Nullable Path wanted) throws IOException {
        if (wanted != null) {
            return wanted;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        boolean isMemory = Files.getFileStore(temporary).type().equals(MEMORY_FILE_SYSTEM);
        return isMemory && Files.isWritable(PERSISTENT_TEMPORARY) ? PERSISTENT_TEMPORARY : temporary;
    }

    /** For the case that somebody interrupts: the processes, which are being killed meanwhile, may still write. */
    private static void deleteAtLast(Path directory) {
        for (int i = 0; i < DELETE_ATTEMPTS && Files.exists(directory); i++) {
            try {
                Thread.sleep(DELETE_PAUSE_MS);
                MtaDirectory.delete(directory);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                // Something was there that is about to go, or came behind our back: once more.
                continue;
            }
        }
    }

    private boolean run(Path parent) throws IOException {
        MtaDirectory siteDirectory = MtaDirectory.create(parent, "site", List.of("default_transport = discard"));
        MtaDirectory relayDirectory =
                MtaDirectory.create(parent, "relay", List.of("relayhost = [127.0.0.1]:" + siteDirectory.port()));
        FileStore store = Files.getFileStore(parent);
        out.printf("A relay and a receiving site start, with their queues in %s (%s) ...%n", parent, store.type());
        out.flush();
        try (MtaProcess site = MtaProcess.start(settings.home(), siteDirectory, Map.of());
                MtaProcess relay = MtaProcess.start(settings.home(), relayDirectory, Map.of())) {
            site.awaitReady();
            relay.awaitReady();
            return measure(relay, site, relayDirectory.port(), store);
        }
    }

    private boolean measure(MtaProcess relay, MtaProcess site, int port, FileStore store) throws IOException {
        CpuTime cpuBefore = relay.cpuTime();
        LoadSettings load = LoadSettings.closedLoop(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        settings.sessionCount(),
                        settings.messageCount(),
                        settings.messageBytes())
                .withTimeLimit(settings.timeLimit());
        long startNs = System.nanoTime();
        LoadResult sent;
        try (LoadSource source = LoadSource.start(load)) {
            while (!source.isEnded() && relay.isAlive() && site.isAlive()) {
                showProgress(source.acknowledgedCount(), relay.counts().getOrDefault(DELIVERED, 0L), startNs);
                pause(PROGRESS_MS);
            }
            sent = source.await(ANSWER_WAIT);
        }
        long acknowledged = sent.acknowledged().size();
        long delivered = awaitDelivered(relay, acknowledged, startNs);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        endProgress();
        long arrived = site.counts().getOrDefault("messages_accepted_total", 0L);
        report(sent, delivered, arrived, seconds, relay.cpuTime().since(cpuBefore), store);
        drawCharts(relay.histograms());
        return acknowledged > 0 && delivered == acknowledged && arrived == acknowledged;
    }

    private long awaitDelivered(MtaProcess relay, long wanted, long startNs) throws IOException {
        long deadlineMs = System.currentTimeMillis() + DELIVERY_WAIT_MS;
        long delivered = relay.counts().getOrDefault(DELIVERED, 0L);
        while (delivered < wanted && System.currentTimeMillis() < deadlineMs) {
            showProgress(wanted, delivered, startNs);
            pause(END_POLL_MS);
            delivered = relay.counts().getOrDefault(DELIVERED, 0L);
        }
        return delivered;
    }

    private static void pause(long ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void showProgress(long sent, long delivered, long startNs) {
        if (isTerminal) {
            double seconds = (System.nanoTime() - startNs) / 1e9;
            out.printf(
                    Locale.ROOT,
                    "\r  %,d of %,d accepted, %,d delivered, %.1f s ",
                    sent,
                    settings.messageCount(),
                    delivered,
                    seconds);
            out.flush();
        }
    }

    private void endProgress() {
        if (isTerminal) {
            out.print("\r" + " ".repeat(78) + "\r");
        }
    }

    private void report(LoadResult sent, long delivered, long arrived, double seconds, CpuTime cpu, FileStore store) {
        out.printf(
                Locale.ROOT,
                "%n%,d messages of %,d bytes over %d sessions: %,d accepted, %,d delivered, %,d arrived%n",
                settings.messageCount(),
                settings.messageBytes(),
                settings.sessionCount(),
                sent.acknowledged().size(),
                delivered,
                arrived);
        out.printf(
                Locale.ROOT,
                "  accepted by the relay %,8.0f messages/s%n  through both          %,8.0f messages/s  (%.1f s)%n",
                sent.perSecond(),
                delivered / seconds,
                seconds);
        out.printf(
                Locale.ROOT,
                "  CPU of the relay      %,8.0f us a message (%.0f user + %.0f system)%n",
                (cpu.userMicros() + cpu.systemMicros()) / Math.max(1, delivered),
                cpu.userMicros() / Math.max(1, delivered),
                cpu.systemMicros() / Math.max(1, delivered));
        out.printf(
                "Source, relay and site share this machine, and both store each message on %s before its 250.%n"
                        + "All three JVMs began cold: a longer run (--messages) is faster.%n",
                store.type());
    }

    private void drawCharts(Map<String, Histogram> histograms) {
        draw("Accept: from MAIL to the 250 behind the content, durable", histograms.get("accept"));
        draw("Queue wait: from durable to the first attempt", histograms.get("queue-wait"));
        draw("Delivery: an attempt, from its start to its outcome", histograms.get("delivery"));
        out.flush();
    }

    private void draw(String title, @Nullable Histogram histogram) {
        if (histogram != null) {
            LatencyChart.draw(out, title, histogram);
        }
    }
}

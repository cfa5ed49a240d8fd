// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsReports;
import dev.stafette.engine.config.Settings;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Counts what comes of TLS with the servers of domains, and sends each its report when the day is over.
 * Thread: any for {@link #add}; one event loop counts. It outlives a reload.
 *
 * <pre>
 *   a day is over              each of its domains is asked at a time of its own within the delay
 *   nobody wants it, or sent   its counts are forgotten
 *   could not be sent          again after an hour, until the next day is over, too (RFC 8460 §5.5)
 * </pre>
 */
public final class TlsReporter implements TlsReports, AutoCloseable {
    private static final long TICK_MS = 60_000;

    /** How many counts a crash may take away. */
    private static final long SAVE_MS = 300_000;

    private static final long RETRY_MS = 3_600_000;

    /** Reports at a time. */
    private static final int SENDING_MAX = 10;

    private record Key(long day, String domain) {}

    private final ReportSettings settings;
    private final EventExecutor owner;
    private final ReportSender sender;
    private final TallyFile file;
    private final Executor workers;
    private final LongSupplier wallClock;
    private final LongUnaryOperator random;
    private final Consumer<String> warnings;

    /** There are counts, and with them a timer. */
    private final AtomicBoolean isBegun = new AtomicBoolean();

    // Owned by the loop.
    private final Tallies tallies;
    /** When a domain's turn comes; not before that of its day. */
    private final Map<Key, Long> dueMs = new HashMap<>();

    private int sendingCount;
    private long savedMs;

    /**
     * @param workers write the file
     * @param random a number below that one
     */
    TlsReporter(
            ReportSettings settings,
            EventExecutor owner,
            ReportSender sender,
            Executor workers,
            LongSupplier wallClock,
            LongUnaryOperator random,
            Consumer<String> warnings) {
        this.settings = settings;
        this.owner = owner;
        this.sender = sender;
        this.file = new TallyFile(settings.file());
        this.workers = workers;
        this.wallClock = wallClock;
        this.random = random;
        this.warnings = warnings;
        this.tallies = new Tallies(settings.domainsMax());
    }

    /**
     * With what is known from before.
     *
     * @param owner counts
     * @param dns for any thread
     * @param posts for what waits for servers
     * @param workers for what waits for the disk
     */
    public static TlsReporter open(
            Settings settings,
            EventExecutor owner,
            Dns dns,
            Executor posts,
            Executor workers,
            Consumer<String> notices,
            Consumer<String> warnings) {
        ReportSettings own = ReportSettings.of(settings);
        LongSupplier clock = System::currentTimeMillis;
        ReportSender sender =
                new ReportSender(dns, new ReportPost(new HttpsClient(own.timeout(), posts)), workers, clock, notices);
        TlsReporter reporter =
                new TlsReporter(own, owner, sender, workers, clock, bound -> (long) (Math.random() * bound), warnings);
        reporter.load();
        return reporter;
    }

    /** Before anything is counted. */
    void load() {
        try {
            file.read(tallies);
        } catch (IOException e) {
            warnings.accept("tlsrpt_data_file: " + e + " -- begins anew");
        }
        if (!tallies.all().isEmpty()) {
            begin();
        }
    }

    /** There is a queue for reports. */
    public void open(ReportMailbox mailbox) {
        sender.open(mailbox);
    }

    private void begin() {
        if (isBegun.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        owner.schedule(
                () -> {
                    tick();
                    schedule();
                },
                TICK_MS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void add(TlsEvent event) {
        try {
            owner.execute(() -> count(event));
        } catch (RejectedExecutionException e) {
            // The process ends: a session more or less.
            return;
        }
        begin();
    }

    private void count(TlsEvent event) {
        if (!tallies.add(event, wallClock.getAsLong())) {
            warnings.accept(
                    "tlsrpt_domain_limit: no report for " + event.policy().domain() + " and others");
        }
    }

    /** Each minute. */
    void tick() {
        long nowMs = wallClock.getAsLong();
        long today = Tallies.dayOf(nowMs);
        List<Key> over = new ArrayList<>();
        tallies.before(today).forEach((day, domains) -> domains.keySet().forEach(one -> over.add(new Key(day, one))));
        for (Key key : over) {
            if (key.day() < today - 1 && isLate(key, nowMs)) {
                forget(key);
            } else if (sendingCount < SENDING_MAX && isDue(key, nowMs)) {
                send(key, nowMs);
            }
        }
        if (nowMs - savedMs >= SAVE_MS && tallies.takeChanged()) {
            savedMs = nowMs;
            save();
        }
    }

    /** A day after the end of its own, and it has had its turn since the process started. */
    private boolean isLate(Key key, long nowMs) {
        Long due = dueMs.get(key);
        return key.day() < Tallies.dayOf(nowMs) - 2 || due != null && due > nowMs;
    }

    private boolean isDue(Key key, long nowMs) {
        long endMs = (key.day() + 1) * Tallies.DAY_MS;
        return nowMs
                >= dueMs.computeIfAbsent(
                        key,
                        unused ->
                                endMs + random.applyAsLong(1 + settings.delay().toMillis()));
    }

    private void send(Key key, long nowMs) {
        DomainTally tally = tallies.of(key.day(), key.domain());
        if (tally == null) {
            return;
        }
        sendingCount++;
        dueMs.put(key, nowMs + RETRY_MS);
        sender.send(
                new DayReport(settings, key.domain(), key.day(), tally),
                isDone -> owner.execute(() -> {
                    sendingCount--;
                    if (isDone) {
                        forget(key);
                    }
                }));
    }

    private void forget(Key key) {
        tallies.remove(key.day(), key.domain());
        dueMs.remove(key);
    }

    private void save() {
        String text = TallyFile.text(tallies);
        try {
            workers.execute(() -> write(text));
        } catch (RejectedExecutionException e) {
            warnings.accept("tlsrpt_data_file: too busy to write it");
        }
    }

    private void write(String text) {
        try {
            file.write(text);
        } catch (IOException e) {
            warnings.accept("tlsrpt_data_file: " + e);
        }
    }

    /** While the loop still runs. */
    @Override
    public void close() {
        if (isBegun.get() && !owner.isShuttingDown()) {
            write(owner.submit(() -> TallyFile.text(tallies))
                    .syncUninterruptibly()
                    .getNow());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.queue.ProbeListener;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * verify(8): answers from the cache, sends a probe where that knows nothing or is old, and has whoever asks wait for its
 * outcome, but no longer than he said. An address is probed by one message at a time.
 * Thread: event loop; what is public, any.
 */
public final class AddressVerifier implements ProbeListener, AutoCloseable {
    private static final String PROGRAM = "verify";
    private static final long STOP_SECONDS_MAX = 5;

    private final EventExecutor loop;
    private final Executor workers;
    private final LongSupplier epochMs;
    private final MailLog log;

    // Owned by the loop.
    private final VerifyCache cache = new VerifyCache(this::onChanged);
    private final Map<String, List<Waiting>> waiting = new HashMap<>();
    /** Addresses that are being probed, by the probe's id, and the ids by address. */
    private final Map<Long, String> probed = new HashMap<>();

    private final Map<String, Long> probes = new HashMap<>();
    private @Nullable CacheWriter writer;
    private @Nullable ProbeWay prober;
    private @Nullable ScheduledFuture<?> cleanup;

    /** Written by the thread of start-up and reload, read by any. Null: there is no such service. */
    private volatile @Nullable VerifySettings settings;

    /** Owned by the thread of start-up and reload. */
    private boolean isLoaded;

    /** Who has asked and not heard yet. */
    private final class Waiting {
        private final String address;
        private final Consumer<CacheEntry> listener;
        private @Nullable ScheduledFuture<?> alarm;

        Waiting(String address, Consumer<CacheEntry> listener) {
            this.address = address;
            this.listener = listener;
        }

        void end(CacheEntry entry) {
            ScheduledFuture<?> set = alarm;
            if (set != null) {
                set.cancel(false);
            }
            tell(listener, entry);
        }

        void onAlarm() {
            List<Waiting> others = waiting.get(address);
            if (others != null && others.remove(this)) {
                if (others.isEmpty()) {
                    waiting.remove(address);
                }
                tell(listener, CacheEntry.UNKNOWN);
            }
        }
    }

    /**
     * @param loop owns everything
     * @param workers for the file
     * @param epochMs the time, ms since 1970
     */
    public AddressVerifier(EventExecutor loop, Executor workers, LongSupplier epochMs, MailLog log) {
        this.loop = loop;
        this.workers = workers;
        this.epochMs = epochMs;
        this.log = log;
    }

    /** The form in which verify(8) has addresses, but for the letters of the domain, whose case says nothing. */
    static String key(MailAddress address) {
        return address.domain().isEmpty() ? address.localPart() : address.localPart() + '@' + address.domainKey();
    }

    /** Of the probes, too. */
    public EventExecutor loop() {
        return loop;
    }

    /** Until now there was no way into the queue. */
    public void open(Prober way) {
        openWay(way);
    }

    void openWay(ProbeWay way) {
        loop.execute(() -> prober = way);
    }

    /** At start and reload, not on the loop. Reads the file, once; null: there is no such service. */
    public void configure(@Nullable VerifySettings changed) {
        settings = changed;
        if (changed == null) {
            return;
        }
        Path path = isLoaded ? null : changed.file();
        CacheFile file = path == null ? null : new CacheFile(path);
        isLoaded |= file != null;
        CacheFile.Content content = file == null ? null : read(file);
        loop.execute(() -> {
            if (file != null && content != null) {
                content.entries().forEach((address, entry) -> cache.put(address, entry, changed.entriesMax()));
                writer = new CacheWriter(file, content, cache, loop, workers, text -> log.warning(PROGRAM, text));
            }
            scheduleCleanup(changed);
        });
    }

    private CacheFile.Content read(CacheFile file) {
        try {
            CacheFile.Content content = file.read();
            if (content.isDamaged()) {
                log.warning(PROGRAM, file.path() + ": some lines cannot be read; the others hold");
            }
            return content;
        } catch (IOException e) {
            log.warning(PROGRAM, "cannot read " + file.path() + ": " + e);
            return new CacheFile.Content(Map.of(), 0, true);
        }
    }

    private void scheduleCleanup(VerifySettings now) {
        ScheduledFuture<?> before = cleanup;
        if (before != null) {
            before.cancel(false);
        }
        long ms = now.cleanupInterval().toMillis();
        cleanup = ms == 0 ? null : loop.scheduleAtFixedRate(this::cleanUp, ms, ms, TimeUnit.MILLISECONDS);
    }

    private void cleanUp() {
        VerifySettings now = settings;
        if (now == null) {
            return;
        }
        int dropped = cache.dropExpired(now.lifeTimes(), nowS());
        log.info(
                PROGRAM,
                "cache " + now.map() + " full cleanup: retained=" + cache.size() + " dropped=" + dropped + " entries");
        CacheWriter file = writer;
        if (file != null) {
            file.tryAgain();
            file.write();
        }
    }

    private long nowS() {
        return epochMs.getAsLong() / 1000;
    }

    private void onChanged(String address) {
        CacheWriter file = writer;
        if (file != null) {
            file.onChanged(address);
        }
    }

    /** A question that waits so long for a probe. {@code service}: the row of master.cf that is asked. */
    public AddressQuestion question(String service, long waitMs) {
        return new AddressQuestion(this, service, waitMs);
    }

    /** Whether the log may say of an address that was not deliverable that it is remembered. */
    public boolean keepsFailures() {
        VerifySettings now = settings;
        return now == null || now.keepsFailures();
    }

    /** {@code listener}: hears once, on the loop; null when there is no such service. */
    void query(String service, String address, long waitMs, Consumer<@Nullable CacheEntry> listener) {
        VerifySettings now = settings;
        if (now == null || !now.service().equals(service)) {
            listener.accept(null);
            return;
        }
        try {
            loop.execute(() -> query(now, address, waitMs, listener::accept));
        } catch (RejectedExecutionException e) {
            listener.accept(null);
        }
    }

    private void query(VerifySettings now, String address, long waitMs, Consumer<CacheEntry> listener) {
        long nowS = nowS();
        CacheEntry known = cache.find(address);
        CacheEntry entry = known == null || now.lifeTimes().isExpired(known, nowS) ? CacheEntry.UNKNOWN : known;
        if (known != null && entry != known && !now.keepsFailures()) {
            cache.remove(address);
        }
        if (now.lifeTimes().isStale(entry, nowS) && !probes.containsKey(address)) {
            probe(now, address, entry);
        }
        if (entry.status() == AddressStatus.PENDING && waitMs > 0) {
            await(address, waitMs, listener);
        } else {
            tell(listener, entry);
        }
        write();
    }

    private void probe(VerifySettings now, String address, CacheEntry entry) {
        ProbeWay way = prober;
        if (way == null) {
            return;
        }
        if (entry.updatedS() != 0 || now.keepsFailures()) {
            cache.put(address, entry.probed(nowS()), now.entriesMax());
        }
        long id = way.send(address, now, epochMs.getAsLong(), this::onRefused);
        probes.put(address, id);
        probed.put(id, address);
    }

    /** What is under way of an earlier process is waited for, too: it may have an outcome now. */
    private void await(String address, long waitMs, Consumer<CacheEntry> listener) {
        Waiting asker = new Waiting(address, listener);
        waiting.computeIfAbsent(address, key -> new ArrayList<>(1)).add(asker);
        asker.alarm = loop.schedule(asker::onAlarm, waitMs, TimeUnit.MILLISECONDS);
    }

    private static void tell(Consumer<CacheEntry> listener, CacheEntry entry) {
        try {
            listener.accept(entry);
        } catch (RejectedExecutionException e) {
            // The process stops, and the loop that asked is gone; the others still hear it.
            return;
        }
    }

    /** Not before it has been noted: this may come at once. */
    private void onRefused(long queueId) {
        loop.execute(() -> {
            String address = end(queueId);
            CacheEntry entry = address == null ? null : cache.find(address);
            if (address != null && entry != null && entry.updatedS() == 0) {
                // It is sent again when somebody asks again.
                cache.remove(address);
                write();
            }
        });
    }

    private @Nullable String end(long queueId) {
        String address = probed.remove(queueId);
        if (address != null) {
            probes.remove(address);
        }
        return address;
    }

    @Override
    public void onProbed(long queueId, EnvelopeRecipient recipient, DeliveryOutcome.Kind kind, String text) {
        AddressStatus status = switch (kind) {
            case DELIVERED -> AddressStatus.DELIVERABLE;
            case DEFERRED -> AddressStatus.DEFERRED;
            case BOUNCED -> AddressStatus.UNDELIVERABLE;
        };
        onLoop(() -> {
            String asked = probed.get(queueId);
            learn(asked == null ? given(recipient) : asked, status, text);
            String target = key(recipient.address());
            if (!target.equals(asked)) {
                learn(target, status, text);
            }
            write();
        });
    }

    private static String given(EnvelopeRecipient recipient) {
        MailAddress given = AddressParser.parse(recipient.given());
        return given == null ? recipient.given() : key(given);
    }

    private void learn(String address, AddressStatus status, String text) {
        VerifySettings now = settings;
        if (now == null) {
            return;
        }
        CacheEntry before = cache.find(address);
        boolean isGood = status == AddressStatus.DELIVERABLE;
        // A probe that fails says nothing of an address that is known to be good, until that is no longer known.
        boolean keeps =
                isGood || now.keepsFailures() && (before == null || before.status() != AddressStatus.DELIVERABLE);
        if (keeps) {
            cache.put(address, CacheEntry.of(status, nowS(), text), now.entriesMax());
        }
        List<Waiting> askers = waiting.remove(address);
        if (askers != null) {
            CacheEntry known = cache.find(address);
            askers.forEach(one -> one.end(keeps && known != null ? known : CacheEntry.UNKNOWN));
        }
    }

    @Override
    public void onProbeEnded(long queueId) {
        onLoop(() -> end(queueId));
    }

    /** What comes of a probe while the process stops is lost, and found out again. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            return;
        }
    }

    private void write() {
        CacheWriter file = writer;
        if (file != null) {
            file.write();
        }
    }

    /** What is known goes to the file. */
    @Override
    public void close() {
        CountDownLatch done = new CountDownLatch(1);
        try {
            loop.execute(() -> {
                CacheWriter file = writer;
                if (file == null) {
                    done.countDown();
                } else {
                    file.finish(done::countDown);
                }
            });
            done.await(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

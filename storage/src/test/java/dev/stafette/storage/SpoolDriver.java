// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Plays the queue agent: drives a spool on the caller's thread and keeps a map in the index's place. */
final class SpoolDriver implements RecoveryListener, DurableListener, CheckpointSource, AutoCloseable {
    private final Map<Long, LiveMessage> live = new HashMap<>();
    private final Map<Long, Envelope> envelopes = new HashMap<>();
    private final List<String> quarantined = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    /** How often the reserver has made a segment since the start, or found that it cannot any more. */
    private final AtomicInteger reserved = new AtomicInteger();

    private @Nullable Spool spool;
    private @Nullable IncomingExtent lastExtent;
    private @Nullable IncomingExtent inVain;
    private LongSupplier clock = System::nanoTime;
    private LongConsumer onDurable = id -> {};
    private LongConsumer onFailed = id -> {};

    static SpoolDriver open(Path directory) {
        return open(new StorageSettings(directory, 4 << 20, 256L << 20, 2 << 20, 1 << 20, 0));
    }

    static SpoolDriver open(StorageSettings settings) {
        return open(settings, DiskSync.REAL);
    }

    static SpoolDriver open(StorageSettings settings, DiskSync sync) {
        SpoolDriver driver = new SpoolDriver();
        driver.spool = Spool.open(settings, driver, driver::onWake, sync);
        return driver;
    }

    private void onWake() {
        if (Thread.currentThread().getName().equals("reserve")) {
            reserved.incrementAndGet();
        }
    }

    /** Whether it is known if there is a segment behind the one that is being written; the first is made at the start. */
    boolean knowsItsRoom() {
        return reserved.get() >= spool().segmentCount() || spool().isShortOfSpace();
    }

    Spool spool() {
        if (spool == null) {
            throw new IllegalStateException("not open");
        }
        return spool;
    }

    /** What {@link #poll} takes for the time, in ns. */
    SpoolDriver at(LongSupplier nowNs) {
        clock = nowNs;
        return this;
    }

    /** Hears each id when the caller may acknowledge it. */
    SpoolDriver onDurable(LongConsumer listener) {
        onDurable = listener;
        return this;
    }

    /** Hears each id whose batch failed. */
    SpoolDriver onFailed(LongConsumer listener) {
        onFailed = listener;
        return this;
    }

    boolean accept(long id, int contentBytes) {
        return acceptLarge(id, 1, contentBytes);
    }

    /** A message that takes something over from an older one. */
    boolean accept(long id, TakenOver takesOver) {
        return accept(id, 1, 100, takesOver);
    }

    /** As {@link #accept(long, TakenOver)}, for the last message before the end: its batch will not begin any more. */
    void acceptInVain(long id, TakenOver takesOver) {
        accept(id, takesOver);
        inVain = lastExtent;
    }

    boolean acceptLarge(long id, int extents, int contentBytes) {
        return accept(id, extents, contentBytes, null);
    }

    private boolean accept(long id, int extents, int contentBytes, @Nullable TakenOver takesOver) {
        Session session = offer(id, extents, contentBytes, takesOver);
        while (spool().isWaitingForRoom()) {
            poll();
        }
        return !session.isRefused;
    }

    /** It may have to wait for a segment. */
    void acceptLater(long id, int contentBytes) {
        offer(id, 1, contentBytes, null);
    }

    private Session offer(long id, int extents, int contentBytes, @Nullable TakenOver takesOver) {
        Envelope envelope = envelope(id);
        Session session = new Session(id);
        for (int i = 1; i < extents; i++) {
            boolean last = i == extents - 1;
            if (!spool().tryWrite(extent(id, i, null, contentBytes, last, last ? session : new Part()))) {
                return refuse(session);
            }
        }
        lastExtent = extent(id, 0, envelope, contentBytes, true, session);
        if (!spool().tryWrite(lastExtent)) {
            return refuse(session);
        }
        spool().accept(new IncomingMessage(id, id, id, envelope, 0, takesOver, session));
        return session;
    }

    private Session refuse(Session session) {
        spool().abandon(session.id);
        session.isRefused = true;
        return session;
    }

    /** Extents from 1 on of a message whose extent 0 never comes. */
    void acceptWithoutEnvelope(long id, int extents, int contentBytes) {
        for (int i = 1; i <= extents; i++) {
            spool().tryWrite(extent(id, i, null, contentBytes, false, new Part()));
        }
    }

    private static IncomingExtent extent(
            long id,
            int index,
            @Nullable Envelope envelope,
            int contentBytes,
            boolean withMessage,
            CommitListener listener) {
        ByteBuf prefix = PooledByteBufAllocator.DEFAULT.directBuffer(256);
        ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(contentBytes);
        int headerBytes = ExtentFormat.begin(prefix, id, index, envelope, id);
        // In one write: the leak detector notes each.
        byte[] pattern = new byte[contentBytes];
        for (int at = 0; at < contentBytes; at++) {
            pattern[at] = (byte) (id + at + index);
        }
        content.writeBytes(pattern);
        ExtentFormat.finish(prefix, content, headerBytes, withMessage ? ExtentFormat.LAST : 0);
        return new IncomingExtent(id, index, prefix, content, headerBytes, withMessage, listener);
    }

    static Envelope envelope(long id) {
        return Envelope.of(
                MailAddress.of("sender", "a.test"),
                List.of(new EnvelopeRecipient(MailAddress.of("recipient" + id, "b.test"))));
    }

    /** Waits for an extent that is not the last: nothing may be acknowledged yet. */
    private static final class Part implements CommitListener {
        private final Executor here = Runnable::run;

        @Override
        public Executor owner() {
            return here;
        }

        @Override
        public void onCommitted(CommitResult result) {
            // Its message is what counts.
        }
    }

    private final class Session implements CommitListener {
        private final long id;
        private final Executor here = Runnable::run;
        private boolean isRefused;

        Session(long id) {
            this.id = id;
        }

        @Override
        public Executor owner() {
            return here;
        }

        @Override
        public void onCommitted(CommitResult result) {
            if (result == CommitResult.DURABLE) {
                answered.incrementAndGet();
                onDurable.accept(id);
            } else if (result == CommitResult.NO_SPACE) {
                isRefused = true;
            } else {
                failed.incrementAndGet();
                onFailed.accept(id);
            }
        }
    }

    int durableCount() {
        return answered.get();
    }

    int failedCount() {
        return failed.get();
    }

    void remove(long id) {
        LiveMessage message = live.remove(id);
        if (message != null) {
            spool().delivered(id, 0);
            spool().removed(id, message.body());
        }
    }

    void defer(long id, long dueMs, String reply) {
        RecipientState state = new RecipientState(RecipientState.Kind.DEFERRED, 1, dueMs, 0, reply, null);
        spool().attempted(id, 0, state);
        onState(id, 0, state);
    }

    int poll() {
        return spool().poll(this, clock.getAsLong());
    }

    /** Until so many have been answered, well or not, and the agent knows. */
    void pollUntilAnswered(int count) {
        while (durableCount() + failedCount() < count || spool().isCommitting()) {
            if (poll() == 0) {
                Thread.onSpinWait();
            }
        }
    }

    void settle() {
        while (!spool().isSettled()) {
            if (poll() == 0) {
                Thread.onSpinWait();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("it never settles");
            }
        }
    }

    void tidyAll() {
        do {
            int work;
            do {
                work = spool().tidy(this, 100) + poll();
            } while (work > 0 || spool().isTidying());
            settle();
        } while (spool().isTidying());
    }

    int liveCount() {
        return live.size();
    }

    @Nullable
    LiveMessage live(long id) {
        return live.get(id);
    }

    Set<Long> liveIds() {
        return live.keySet();
    }

    List<String> quarantined() {
        return quarantined;
    }

    void verifyAll() {
        live.forEach((id, message) -> {
            StoredBody stored = spool().readVerified(id, message.body());
            assertEquals(envelope(id), stored.envelope());
            assertEquals(id, stored.arrivalMs());
            assertEquals(envelopes.getOrDefault(id, stored.envelope()), stored.envelope());
        });
    }

    @Override
    public void onAccepted(IncomingMessage message, BodyRef body, CommitResult result) {
        if (result == CommitResult.DURABLE) {
            live.put(
                    message.queueId(),
                    new LiveMessage(body, false, false, false, new RecipientState[] {RecipientState.QUEUED}));
            if (message.takesOver() != null) {
                onTakenOver(message.queueId(), message.takesOver());
            }
        }
    }

    @Override
    public void onBatch(int syncCount, long durationNs) {
        // Measured elsewhere.
    }

    @Override
    public void onMessage(long queueId, long arrivalMs, Envelope envelope, LiveMessage message) {
        RecipientState[] states = new RecipientState[envelope.recipients().size()];
        Arrays.fill(states, RecipientState.QUEUED);
        System.arraycopy(message.states(), 0, states, 0, message.states().length);
        live.put(
                queueId, new LiveMessage(message.body(), message.held(), message.expiring(), message.warned(), states));
        envelopes.put(queueId, envelope);
    }

    @Override
    public void onState(long queueId, int recipientIndex, RecipientState state) {
        LiveMessage message = live.get(queueId);
        if (message != null) {
            message.states()[recipientIndex] = state;
        }
    }

    @Override
    public void onHeld(long queueId, boolean held) {
        live.computeIfPresent(
                queueId, (id, old) -> new LiveMessage(old.body(), held, old.expiring(), old.warned(), old.states()));
    }

    @Override
    public void onExpiring(long queueId) {
        live.computeIfPresent(
                queueId, (id, old) -> new LiveMessage(old.body(), old.held(), true, old.warned(), old.states()));
    }

    @Override
    public void onWarned(long queueId) {
        live.computeIfPresent(
                queueId, (id, old) -> new LiveMessage(old.body(), old.held(), old.expiring(), true, old.states()));
    }

    @Override
    public void onTakenOver(long queueId, TakenOver takenOver) {
        if (takenOver.warning() == TakenOver.Warning.INHERITED) {
            onWarned(queueId);
        } else if (takenOver.warning() == TakenOver.Warning.GIVEN) {
            onWarned(takenOver.queueId());
        }
        for (int index : takenOver.recipients()) {
            onState(takenOver.queueId(), index, new RecipientState(RecipientState.Kind.REPORTED, 0, 0, 0, "", null));
        }
    }

    @Override
    public void onMoved(long queueId, BodyRef body) {
        live.computeIfPresent(
                queueId, (id, old) -> new LiveMessage(body, old.held(), old.expiring(), old.warned(), old.states()));
    }

    @Override
    public void onRemoved(long queueId) {
        live.remove(queueId);
    }

    @Override
    public @Nullable BodyRef bodyOf(long queueId) {
        LiveMessage message = live.get(queueId);
        return message == null ? null : message.body();
    }

    @Override
    public void forEachLive(Consumer<BodyRef> consumer) {
        live.values().forEach(message -> consumer.accept(message.body()));
    }

    @Override
    public void onQuarantined(Path where, String why) {
        quarantined.add(where + ": " + why);
    }

    @Override
    public @Nullable LiveMessage current(long queueId) {
        return live.get(queueId);
    }

    @Override
    public boolean isMovable(long queueId) {
        return live.containsKey(queueId);
    }

    @Override
    public void close() {
        spool().close();
        if (inVain != null) {
            inVain.release();
        }
    }
}

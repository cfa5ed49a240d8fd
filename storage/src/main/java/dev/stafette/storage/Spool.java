// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.journal.Journal;
import dev.stafette.storage.journal.JournalFile;
import dev.stafette.storage.journal.Replay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What survives a crash: the journal, the bodies, and the thread that makes them durable.
 * Thread: queue agent, but for {@link #isShortOfSpace} and the reading of bodies, which are for any.
 *
 * <pre>
 * queue_directory/ lock · gen-16hex/19700101F.cq4 · body/8hex.seg · corrupt/
 * </pre>
 *
 * A message: {@link #tryWrite} its extents, {@link #accept} it; {@link #poll} hands what gathered to the commit thread
 * and says what has become durable. What follows of it is appended with {@link #attempted}, {@link #delivered} and
 * {@link #removed}, and becomes durable with whatever batch comes next.
 */
public final class Spool implements StoredBodies, AutoCloseable {
    /** Outcomes that nobody waits for are synced after this time at the latest. */
    static final long OUTCOME_SYNC_NS = 5_000_000;

    private static final long SPACE_CHECK_NS = 250_000_000;

    private final SpoolLock lock;
    private final Path directory;
    private final SegmentStore segments;
    private final Journal journal;
    private final BodyReader reader;
    private final IncomingBodies incoming;
    private final Compactor compactor;
    private final CommitAgent commit;
    private final Ballast ballast;

    // Owned by the queue agent.
    private CommitBatch gathering = new CommitBatch();
    private CommitBatch spare = new CommitBatch();
    private @Nullable JournalFile ended;
    private boolean isEnding;
    private @Nullable CheckpointSource checkpointSource;
    private long handedSequence;
    private long oldestOutcomeNs = Long.MAX_VALUE;
    private long journalTriedNs;
    private long failedSyncCount;

    /** Written by the queue agent, read by any. */
    private volatile boolean journalIsFull;

    /** Written by any: when somebody last asked for the free space to be looked at. */
    private volatile long spaceCheckedNs = System.nanoTime();

    private Spool(
            StorageSettings settings,
            SpoolLock lock,
            SegmentStore segments,
            Journal journal,
            CommitAgent commit,
            Ballast ballast) {
        this.lock = lock;
        this.directory = settings.directory();
        this.segments = segments;
        this.journal = journal;
        this.commit = commit;
        this.ballast = ballast;
        this.reader = new BodyReader(segments::find);
        this.incoming = new IncomingBodies();
        this.compactor = new Compactor(segments);
    }

    /**
     * Takes the lock, reads the journal into the listener, and opens a fresh generation. A StorageException says why not.
     *
     * @param wakeAgent runs on any thread when {@link #poll} has something to say
     */
    public static Spool open(StorageSettings settings, RecoveryListener listener, Runnable wakeAgent) {
        return open(settings, listener, wakeAgent, file -> file.force(false));
    }

    /** @param sync replaced only by tests that show that a missing sync is noticed */
    static Spool open(StorageSettings settings, RecoveryListener listener, Runnable wakeAgent, JournalFile.Force sync) {
        Path directory = settings.directory();
        SpoolLock lock = SpoolLock.take(directory);
        SegmentStore segments = null;
        try {
            Replay replay = new Replay(directory, listener);
            replay.run();
            segments = SegmentStore.open(directory, settings.segmentBytes(), settings.keepFreeBytes(), wakeAgent);
            List<Long> dropped = settleUnproven(replay, segments, listener);
            listener.forEachLive(segments::onFound);
            segments.onRecovered();
            Ballast ballast = Ballast.open(directory, settings.ballastBytes());
            if (segments.isShort()) {
                // A fresh generation needs room, too: a full disk must not keep what frees it from starting.
                ballast.release();
            } else {
                ballast.restore();
            }
            Journal journal = Journal.open(
                    directory, replay, settings.journalReserveBytes(), settings.generationBytes(), ballast::release);
            dropped.forEach(journal::removed);
            CommitAgent commit = new CommitAgent(wakeAgent, sync);
            Spool spool = new Spool(settings, lock, segments, journal, commit, ballast);
            commit.start();
            // The journal and the ballast have taken their share since.
            segments.requestCheck();
            return spool;
        } catch (RuntimeException e) {
            if (segments != null) {
                segments.close();
            }
            lock.close();
            throw e;
        }
    }

    /**
     * What the end of the last generation accepts without proof, and without a whole body, was never acknowledged. Returns
     * the ids: the next generation must name them, or they would come back with the next start.
     */
    private static List<Long> settleUnproven(Replay replay, SegmentStore segments, RecoveryListener listener) {
        BodyReader reader = new BodyReader(segments::find);
        List<Long> dropped = new ArrayList<>();
        for (Replay.Unproven last : replay.unproven()) {
            BodyRef body = listener.bodyOf(last.queueId());
            if (body != null && !reader.isWhole(last.queueId(), body)) {
                replay.withdraw(last);
                dropped.add(last.queueId());
                continue;
            }
            if (body != null) {
                // It counts from now on, though it may be in the page cache alone.
                segments.sync(body);
            }
            replay.settle(last);
        }
        return dropped;
    }

    /** The greatest id that the journal knows: ids go on above it. */
    public long greatestQueueId() {
        return journal.greatestQueueId();
    }

    /** Any thread: new mail is to be answered 452, since there would be no room for it or for what follows of it. */
    public boolean isShortOfSpace() {
        long now = System.nanoTime();
        if (now - spaceCheckedNs > SPACE_CHECK_NS) {
            spaceCheckedNs = now;
            segments.requestCheck();
        }
        return journalIsFull || segments.isShort();
    }

    /** Any thread: of the file system, for us; the segment that is reserved for the next mail counts. */
    public long freeBytes() {
        return segments.freeBytes();
    }

    /** Any thread: a message of this size would use up the space that must be kept free. */
    public boolean isTooLarge(long messageBytes) {
        return messageBytes > segments.roomBytes();
    }

    /** Takes an extent; false, with its buffers released, when there is no room. */
    public boolean tryWrite(IncomingExtent extent) {
        if (!journal.hasRoom()) {
            reserveJournal();
        }
        SegmentStore.Place place = journalIsFull ? null : segments.tryReserve(extent.lengthBytes());
        if (place == null) {
            extent.release();
            return false;
        }
        incoming.add(extent, place);
        gathering.writes.add(new CommitBatch.Write(extent, place));
        if (!extent.isWithMessage()) {
            gathering.listeners.add(extent.listener());
        }
        return true;
    }

    /** All extents of the message have been taken: its session is told when everything is durable. */
    public void accept(IncomingMessage message) {
        BodyRef body = incoming.finish(message.queueId(), message.bodyFlags());
        TakenOver takesOver = message.takesOver();
        if (takesOver != null) {
            journal.takesOver(message.queueId(), takesOver);
        }
        journal.accepted(message.queueId(), message.arrivalMs(), message.envelope(), body);
        gathering.messages.add(new CommitBatch.Waiting(message, body));
    }

    /** Extents were taken of a message that will not come. */
    public void abandon(long queueId) {
        BodyRef body = incoming.abandon(queueId);
        if (body != null) {
            gathering.freed.add(body);
        }
    }

    /**
     * On a full disk a deferral is not journaled: without it a restart only tries again sooner, while a site that is down
     * would use up, retry by retry, the room that final outcomes need.
     */
    public void attempted(long queueId, int recipientIndex, RecipientState state) {
        if (state.kind() == RecipientState.Kind.DEFERRED && journalIsFull) {
            return;
        }
        journal.attempted(queueId, recipientIndex, state);
    }

    /** The common case of {@link #attempted}, in few bytes. */
    public void delivered(long queueId, int recipientIndex) {
        journal.delivered(queueId, recipientIndex);
    }

    /** The message has left the queue; its body's place is free when that is durable. */
    public void removed(long queueId, BodyRef body) {
        journal.removed(queueId);
        gathering.freed.add(body);
    }

    public void held(long queueId, boolean held) {
        journal.held(queueId, held);
    }

    /** Its time is up, whatever its age. */
    public void expiring(long queueId) {
        journal.expiring(queueId);
    }

    /** The listener is told when everything that was journaled until now is on stable storage, or that a sync failed. */
    public void whenDurable(CommitListener listener) {
        gathering.listeners.add(listener);
    }

    /** Whether outcomes can still be journaled; if not, no attempt may be made. */
    public boolean canRecordOutcomes() {
        if (!journal.hasRoomForOutcomes()) {
            reserveJournal();
        }
        return journal.hasRoomForOutcomes();
    }

    /** Takes back a finished batch, and hands over what gathered meanwhile. Returns a work count. */
    public int poll(DurableListener listener, long nowNs) {
        int work = 0;
        if (journalIsFull && nowNs - journalTriedNs > SPACE_CHECK_NS) {
            // Nothing may be under way that would try: somebody else may have made room.
            journalTriedNs = nowNs;
            reserveJournal();
        }
        CommitBatch done = commit.pollFinished();
        if (done != null) {
            finish(done, listener);
            work++;
        }
        if (commit.isIdle() && isDue(nowNs)) {
            hand();
            work++;
        }
        return work + segments.recycle();
    }

    private boolean isDue(long nowNs) {
        if (!gathering.messages.isEmpty() || !gathering.listeners.isEmpty()) {
            return true;
        }
        if (journal.lastSequence() == handedSequence && gathering.isEmpty()) {
            return false;
        }
        if (oldestOutcomeNs == Long.MAX_VALUE) {
            oldestOutcomeNs = nowNs;
        }
        return nowNs - oldestOutcomeNs >= OUTCOME_SYNC_NS;
    }

    /** When {@link #poll} has something to do without an event; Long.MAX_VALUE when it has not. */
    public long deadlineNs() {
        long outcomesNs = oldestOutcomeNs == Long.MAX_VALUE || !commit.isIdle()
                ? Long.MAX_VALUE
                : oldestOutcomeNs + OUTCOME_SYNC_NS;
        return journalIsFull ? Math.min(outcomesNs, journalTriedNs + SPACE_CHECK_NS) : outcomesNs;
    }

    private void hand() {
        reserveJournal();
        CommitBatch batch = gathering;
        batch.journal = journal.current();
        batch.ended = ended;
        isEnding = ended != null;
        batch.lastSequence = journal.lastSequence();
        ended = null;
        handedSequence = batch.lastSequence;
        oldestOutcomeNs = Long.MAX_VALUE;
        gathering = spare;
        spare = batch;
        commit.hand(batch);
    }

    private void reserveJournal() {
        boolean reserved = journal.tryReserve();
        if (!reserved && ballast.release()) {
            reserved = journal.tryReserve();
        }
        journalIsFull = !reserved || !journal.hasRoom();
        if (reserved && !segments.isShort()) {
            ballast.restore();
        }
    }

    private void finish(CommitBatch batch, DurableListener listener) {
        int syncs = (batch.ended == null ? 1 : 2) + (batch.writes.isEmpty() ? 0 : 1);
        listener.onBatch(syncs, batch.syncNs);
        JournalFile closing = batch.ended;
        isEnding = false;
        boolean failed = batch.failure != null;
        if (failed) {
            failedSyncCount++;
            fail(batch, listener);
        } else {
            settle(batch, listener);
        }
        batch.clear();
        if (closing != null) {
            closing.close();
        }
        if (!failed && ended == null && journal.wantsRotation() && !isShortOfSpace()) {
            rotate();
        }
    }

    private void settle(CommitBatch batch, DurableListener listener) {
        if (batch.journal != null) {
            journal.onDurable(batch.journal, batch.lastSequence, batch.ended);
        }
        for (CommitBatch.Waiting waiting : batch.messages) {
            listener.onAccepted(waiting.message(), waiting.body(), CommitResult.DURABLE);
        }
        for (BodyRef body : batch.freed) {
            segments.free(body);
        }
        batch.moves.forEach(this::moved);
    }

    private void rotate() {
        ended = journal.rotate();
        handedSequence = 0;
    }

    /**
     * The disk did not take it. Neither file is believed any more; what gathered meanwhile is in them too, and is refused
     * with it. The state of everything older is checkpointed into a fresh generation from memory.
     */
    private void fail(CommitBatch batch, DurableListener listener) {
        CommitBatch alsoLost = gathering;
        refuse(batch, listener);
        for (CommitBatch.Write write : alsoLost.writes) {
            write.extent().release();
        }
        for (CommitBatch.Waiting waiting : alsoLost.messages) {
            CommitListener session = waiting.message().listener();
            session.owner().execute(() -> session.onCommitted(CommitResult.FAILED));
        }
        for (CommitListener session : alsoLost.listeners) {
            session.owner().execute(() -> session.onCommitted(CommitResult.FAILED));
        }
        refuse(alsoLost, listener);
        alsoLost.clear();
        segments.abandonCurrent();
        JournalFile broken = journal.abandonCurrent();
        if (ended != null) {
            ended.close();
            ended = null;
        }
        broken.close();
        handedSequence = 0;
    }

    private void refuse(CommitBatch batch, DurableListener listener) {
        for (CommitBatch.Waiting waiting : batch.messages) {
            listener.onAccepted(waiting.message(), waiting.body(), CommitResult.FAILED);
            segments.free(waiting.body());
        }
        // What was removed keeps its place until the next start: its removal is not on disk, so a crash brings it back.
    }

    /**
     * Tidies up in slices: old generations, then sparsely used segments. Returns a work count.
     *
     * <p>A generation that has just ended waits for its last batch: what is accepted in that batch is not in the queue
     * yet, and would be taken for gone.
     */
    public int tidy(CheckpointSource source, int limit) {
        if (journalIsFull || ended != null || isEnding) {
            return 0;
        }
        checkpointSource = source;
        int work = journal.checkpoint(source, limit);
        return work > 0 ? work : compactor.work(source, limit, this);
    }

    /**
     * Writes a copy of a body elsewhere; false when there is no room. Its place is journaled only when the copy is durable:
     * records may reach the disk before their batch does, and one that names an unwritten place would lose the message.
     */
    boolean copyForward(IncomingExtent copy, BodyRef from) {
        if (!tryWrite(copy)) {
            return false;
        }
        gathering.moves.add(new CommitBatch.Move(copy.queueId(), from, incoming.finish(copy.queueId(), from.flags())));
        return true;
    }

    private void moved(CommitBatch.Move move) {
        CheckpointSource source = checkpointSource;
        LiveMessage live = source != null && source.isMovable(move.queueId()) ? source.current(move.queueId()) : null;
        if (source == null || live == null || !live.body().equals(move.from())) {
            gathering.freed.add(move.to());
            return;
        }
        journal.moved(move.queueId(), move.to());
        source.onMoved(move.queueId(), move.to());
        gathering.freed.add(move.from());
    }

    /** Any thread. */
    @Override
    public BodySlice openBody(BodyRef body) {
        return reader.open(body);
    }

    /** A worker: reads the whole body and checks it; a StorageException says what is damaged. */
    public StoredBody readVerified(long queueId, BodyRef body) {
        return reader.readVerified(queueId, body);
    }

    /** A worker. */
    @Override
    public StoredBody readEnvelope(long queueId, BodyRef body) {
        return reader.readEnvelope(queueId, body);
    }

    /** A worker: keeps a copy of what is left of a body in {@code corrupt/}. */
    public Path keepDamaged(long queueId, BodyRef body) {
        return reader.copyTo(directory.resolve("corrupt"), queueId, body);
    }

    /** Whether {@link #poll} would find a finished batch. */
    public boolean hasFinishedBatch() {
        return commit.hasFinished();
    }

    /** Whether a batch is under way, whose end calls the waker that {@link #open} was given. */
    public boolean isCommitting() {
        return !commit.isIdle();
    }

    /** Nothing is gathered or under way: all that was appended is durable. */
    public boolean isSettled() {
        return commit.isIdle() && gathering.isEmpty() && journal.lastSequence() == handedSequence;
    }

    public long failedSyncCount() {
        return failedSyncCount;
    }

    public int segmentCount() {
        return segments.segmentCount();
    }

    /** Ends the commit thread after its batch; what was only gathered is lost, so poll until {@link #isSettled} first. */
    @Override
    public void close() {
        commit.close();
        journal.close();
        segments.close();
        lock.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.journal.Journal;
import dev.stafette.storage.journal.JournalFile;
import dev.stafette.storage.journal.Replay;
import java.nio.file.Path;
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

    private final SpoolLock lock;
    private final Path directory;
    private final SegmentStore segments;
    private final Journal journal;
    private final BodyReader reader;
    private final JournalSpace space;
    private final RoomForMail room;
    private final Arrivals arrivals;
    private final WaitingArrivals waiting = new WaitingArrivals();
    private final Compactor compactor;
    private final CommitAgent commit;
    private final DiskThread disk;

    // Owned by the queue agent.
    private CommitBatch gathering = new CommitBatch();
    private CommitBatch spare = new CommitBatch();
    private @Nullable JournalFile ended;
    private boolean isEnding;
    private @Nullable CheckpointSource checkpointSource;
    private long handedSequence;
    private long oldestOutcomeNs = Long.MAX_VALUE;
    private long failedSyncCount;

    private Spool(
            StorageSettings settings,
            SpoolLock lock,
            SegmentStore segments,
            Journal journal,
            CommitAgent commit,
            DiskThread disk,
            Ballast ballast) {
        this.lock = lock;
        this.directory = settings.directory();
        this.segments = segments;
        this.journal = journal;
        this.commit = commit;
        this.disk = disk;
        this.reader = new BodyReader(segments::find);
        this.space = new JournalSpace(journal, segments, ballast, disk);
        this.room = new RoomForMail(space, segments);
        this.arrivals = new Arrivals(journal, space, segments, () -> gathering);
        this.compactor = new Compactor(segments, disk);
    }

    /**
     * Takes the lock, reads the journal into the listener, and opens a fresh generation. A StorageException says why not.
     *
     * @param wakeAgent runs on any thread when {@link #poll} has something to say
     */
    public static Spool open(StorageSettings settings, RecoveryListener listener, Runnable wakeAgent) {
        return open(settings, listener, wakeAgent, DiskSync.REAL);
    }

    /** @param sync replaced only by tests */
    static Spool open(StorageSettings settings, RecoveryListener listener, Runnable wakeAgent, DiskSync sync) {
        Path directory = settings.directory();
        SpoolLock lock = SpoolLock.take(directory);
        SegmentStore segments = null;
        try {
            Replay replay = new Replay(directory, listener);
            replay.run();
            segments = SegmentStore.open(directory, settings.segmentBytes(), settings.keepFreeBytes(), sync, wakeAgent);
            List<Long> dropped = UnprovenMessages.settle(replay, segments, listener);
            listener.forEachLive(segments::onFound);
            segments.onRecovered();
            Ballast ballast = Ballast.open(directory, settings.ballastBytes());
            if (segments.isShort()) {
                // A fresh generation needs room, too: a full disk must not keep what frees it from starting.
                ballast.release();
            } else {
                ballast.restore(DiskTasks.AT_ONCE);
            }
            DiskThread disk = new DiskThread(wakeAgent);
            Journal journal = Journal.open(
                    directory,
                    replay,
                    settings.journalReserveBytes(),
                    settings.generationBytes(),
                    ballast::release,
                    sync,
                    disk);
            dropped.forEach(journal::removed);
            CommitAgent commit = new CommitAgent(wakeAgent, sync);
            Spool spool = new Spool(settings, lock, segments, journal, commit, disk, ballast);
            disk.start();
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

    /** The greatest id that the journal knows: ids go on above it. */
    public long greatestQueueId() {
        return journal.greatestQueueId();
    }

    /** Any thread: new mail is to be answered 452, since there would be no room for it or for what follows of it. */
    public boolean isShortOfSpace() {
        return room.isShort();
    }

    /** Any thread: of the file system, for us; the segment that is reserved for the next mail counts. */
    public long freeBytes() {
        return segments.freeBytes();
    }

    /** Any thread: a message of this size would use up the space that must be kept free. */
    public boolean isTooLarge(long messageBytes) {
        return messageBytes > segments.roomBytes();
    }

    /**
     * Takes an extent; false, with its buffers released, when there is no room. Without a segment to write it to, it waits
     * for the one that is being made, and what follows of it waits behind it.
     */
    public boolean tryWrite(IncomingExtent extent) {
        if (waiting.isEmpty() && arrivals.place(extent)) {
            return true;
        }
        if (!waiting.hasRoom(extent.lengthBytes()) || !arrivals.isMakingRoomFor(extent)) {
            extent.release();
            return false;
        }
        waiting.add(extent);
        return true;
    }

    /** All extents of the message have been taken: its session is told when everything is durable, or found no room. */
    public void accept(IncomingMessage message) {
        if (waiting.isEmpty()) {
            arrivals.acceptWhole(message);
        } else {
            waiting.add(message);
        }
    }

    /** Extents were taken of a message that will not come. */
    public void abandon(long queueId) {
        if (waiting.isEmpty()) {
            arrivals.giveUp(queueId);
        } else {
            waiting.addGivenUp(queueId);
        }
    }

    /**
     * On a full disk a deferral is not journaled: without it a restart only tries again sooner, while a site that is down
     * would use up, retry by retry, the room that final outcomes need.
     */
    public void attempted(long queueId, int recipientIndex, RecipientState state) {
        if (state.kind() == RecipientState.Kind.DEFERRED && space.isFull()) {
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

    /** Its sender, or whoever is to be told, knows that it is late. */
    public void warned(long queueId) {
        journal.warned(queueId);
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
        return space.hasRoomForOutcomes();
    }

    /** Takes back a finished batch, and hands over what gathered meanwhile. Returns a work count. */
    public int poll(DurableListener listener, long nowNs) {
        int work = 0;
        space.poll(nowNs);
        work += pollDisk();
        CommitBatch done = commit.pollFinished();
        if (done != null) {
            finish(done, listener);
            work++;
        }
        work += waiting.poll(arrivals);
        if (commit.isIdle() && !journal.isAbandoned()) {
            rotateIfFull();
            if (isDue(nowNs)) {
                hand();
                work++;
            }
        }
        return work + segments.recycle();
    }

    /** Before the end of a batch: it may be the next generation that this brings. */
    private int pollDisk() {
        boolean wasAbandoned = journal.isAbandoned();
        int work = disk.poll();
        if (wasAbandoned && !journal.isAbandoned()) {
            handedSequence = 0;
        }
        if (work > 0) {
            space.look();
        }
        return work;
    }

    private void rotateIfFull() {
        if (ended != null || !journal.wantsRotation() || isShortOfSpace()) {
            return;
        }
        if (journal.hasNext()) {
            ended = journal.rotate();
            handedSequence = 0;
        } else {
            journal.makeNext();
        }
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
        return Math.min(outcomesNs, space.deadlineNs());
    }

    private void hand() {
        space.reserve();
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

    private void finish(CommitBatch batch, DurableListener listener) {
        int syncs = (batch.ended == null ? 1 : 2) + (batch.writes.isEmpty() ? 0 : 1);
        listener.onBatch(syncs, batch.syncNs);
        JournalFile closing = batch.ended;
        isEnding = false;
        if (batch.failure != null) {
            failedSyncCount++;
            fail(batch, listener);
        } else {
            settle(batch, listener);
        }
        batch.clear();
        if (closing != null) {
            closing.close();
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
        waiting.fail(arrivals);
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
        if (space.isFull() || ended != null || isEnding) {
            return 0;
        }
        checkpointSource = source;
        int work = journal.checkpoint(source, limit);
        return work > 0 || !journal.isCheckpointed() ? work : compactor.work(source, this);
    }

    /** Writes a copy of a body elsewhere; false, with its buffers released, when there is no room. */
    boolean copyForward(IncomingExtent copy, BodyRef from) {
        if (!waiting.isEmpty()) {
            copy.release();
            return false;
        }
        return arrivals.copyForward(copy, from);
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

    /** The extents that are there of a message that is still coming in, in their order; null: none. Nothing may wait for them. */
    public @Nullable BodySlice openArriving(long queueId) {
        BodyRef arriving = arrivals.soFar(queueId);
        return arriving == null ? null : reader.open(arriving);
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

    /** Whether {@link #poll} would find something that other threads have done for it. */
    public boolean hasResults() {
        return commit.hasFinished() || disk.hasDone() || !waiting.isEmpty() && segments.isNextReady();
    }

    /** Whether mail waits for the next segment. */
    boolean isWaitingForRoom() {
        return !waiting.isEmpty();
    }

    /** Whether something is under way for {@link #tidy}, which then goes on later. */
    boolean isTidying() {
        return !disk.isIdle();
    }

    /** Whether a batch is under way, whose end calls the waker that {@link #open} was given. */
    public boolean isCommitting() {
        return !commit.isIdle();
    }

    /** Nothing is gathered or under way: all that was appended is durable. */
    public boolean isSettled() {
        return commit.isIdle()
                && gathering.isEmpty()
                && waiting.isEmpty()
                && !journal.isAbandoned()
                && journal.lastSequence() == handedSequence;
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
        disk.close();
        waiting.release();
        journal.close();
        segments.close();
        lock.close();
    }
}

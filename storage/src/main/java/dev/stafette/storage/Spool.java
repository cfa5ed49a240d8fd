// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.journal.Journal;
import dev.stafette.storage.journal.Replay;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What survives a crash: the journal, the bodies, and the thread that makes them durable.
 * Thread: queue agent, but for {@link #isShortOfSpace} and the reading of bodies, which are for any.
 *
 * <pre>
 * queue_directory/ lock · gen-16hex/19700101F.cq4 [tail.records] · body/8hex.seg · corrupt/
 * </pre>
 *
 * A message: {@link #tryWrite} its extents, {@link #accept} it; {@link #poll} hands what gathered to the commit thread
 * and says what has become durable. What follows of it is appended with {@link #attempted}, {@link #delivered} and
 * {@link #removed}, and becomes durable with whatever batch comes next.
 */
public final class Spool implements StoredBodies, AutoCloseable {
    private final SpoolLock lock;
    private final Path directory;
    private final SegmentStore segments;
    private final Journal journal;
    private final BodyReader reader;
    private final JournalSpace space;
    private final RoomForMail room;
    private final Arrivals arrivals;
    private final Compactor compactor;
    private final GroupCommit commit;
    private final DiskThread disk;

    private Spool(
            StorageSettings settings,
            SpoolLock lock,
            SegmentStore segments,
            Journal journal,
            CommitAgent agent,
            DiskThread disk,
            Ballast ballast) {
        this.lock = lock;
        this.directory = settings.directory();
        this.segments = segments;
        this.journal = journal;
        this.disk = disk;
        this.reader = new BodyReader(segments::find);
        this.space = new JournalSpace(journal, segments, ballast, disk);
        this.room = new RoomForMail(space, segments);
        this.arrivals = new Arrivals(journal, space, segments, this::gathering);
        this.compactor = new Compactor(segments, disk, arrivals, journal.records(), this::gathering);
        this.commit = new GroupCommit(agent, journal, space, room, segments, arrivals, compactor);
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
            Replay replay = new Replay(directory, listener, new TailSearch(directory));
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
            dropped.forEach(journal.records()::removed);
            CommitAgent agent = new CommitAgent(wakeAgent, sync);
            Spool spool = new Spool(settings, lock, segments, journal, agent, disk, ballast);
            disk.start();
            agent.start();
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

    private CommitBatch gathering() {
        return commit.gathering();
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
        return arrivals.tryWrite(extent);
    }

    /** All extents of the message have been taken: its session is told when everything is durable, or found no room. */
    public void accept(IncomingMessage message) {
        arrivals.accept(message);
    }

    /** Extents were taken of a message that will not come. */
    public void abandon(long queueId) {
        arrivals.abandon(queueId);
    }

    /**
     * On a full disk a deferral is not journaled: without it a restart only tries again sooner, while a site that is down
     * would use up, retry by retry, the room that final outcomes need.
     */
    public void attempted(long queueId, int recipientIndex, RecipientState state) {
        if (state.kind() == RecipientState.Kind.DEFERRED && space.isFull()) {
            return;
        }
        journal.records().attempted(queueId, recipientIndex, state);
    }

    /** The common case of {@link #attempted}, in few bytes. */
    public void delivered(long queueId, int recipientIndex) {
        journal.records().delivered(queueId, recipientIndex);
    }

    /** The message has left the queue; its body's place is free when that is durable. */
    public void removed(long queueId, BodyRef body) {
        journal.records().removed(queueId);
        gathering().freed.add(body);
    }

    public void held(long queueId, boolean held) {
        journal.records().held(queueId, held);
    }

    /** Its sender, or whoever is to be told, knows that it is late. */
    public void warned(long queueId) {
        journal.records().warned(queueId);
    }

    /** Its time is up, whatever its age. */
    public void expiring(long queueId) {
        journal.records().expiring(queueId);
    }

    /** The listener is told when everything that was journaled until now is on stable storage, or that a sync failed. */
    public void whenDurable(CommitListener listener) {
        gathering().listeners.add(listener);
    }

    /** Whether outcomes can still be journaled; if not, no attempt may be made. */
    public boolean canRecordOutcomes() {
        return space.hasRoomForOutcomes();
    }

    /** Takes back a finished batch, and hands over what gathered meanwhile. Returns a work count. */
    public int poll(DurableListener listener, long nowNs) {
        space.poll(nowNs);
        int work = pollDisk() + commit.takeBack(listener) + arrivals.poll();
        return work + commit.handIfDue(nowNs) + segments.recycle();
    }

    /** Before the end of a batch: it may be the next generation that this brings. */
    private int pollDisk() {
        boolean wasAbandoned = journal.isAbandoned();
        int work = disk.poll();
        if (wasAbandoned && !journal.isAbandoned()) {
            commit.onNextGeneration();
        }
        if (work > 0) {
            space.look();
        }
        return work;
    }

    /** When {@link #poll} has something to do without an event; Long.MAX_VALUE when it has not. */
    public long deadlineNs() {
        return Math.min(commit.deadlineNs(), space.deadlineNs());
    }

    /**
     * Tidies up in slices: old generations, then sparsely used segments. Returns a work count.
     *
     * <p>A generation that has just ended waits for its last batch: what is accepted in that batch is not in the queue
     * yet, and would be taken for gone.
     */
    public int tidy(CheckpointSource source, int limit) {
        if (space.isFull() || commit.isEnding()) {
            return 0;
        }
        int work = journal.checkpoint(source, limit);
        return work > 0 || !journal.isCheckpointed() ? work : compactor.work(source);
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
        return commit.hasFinished() || disk.hasDone() || arrivals.areWaiting() && segments.isNextReady();
    }

    /** Whether mail waits for the next segment. */
    boolean isWaitingForRoom() {
        return arrivals.areWaiting();
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
        return commit.isSettled() && !arrivals.areWaiting();
    }

    public long failedSyncCount() {
        return commit.failedSyncCount();
    }

    public int segmentCount() {
        return segments.segmentCount();
    }

    /** Ends the commit thread after its batch; what was only gathered is lost, so poll until {@link #isSettled} first. */
    @Override
    public void close() {
        commit.close();
        disk.close();
        arrivals.release();
        journal.close();
        segments.close();
        lock.close();
    }
}

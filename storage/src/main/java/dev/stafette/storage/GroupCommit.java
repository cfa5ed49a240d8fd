// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.journal.Journal;
import dev.stafette.storage.journal.JournalFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two batches by turns: one gathers while the commit thread makes the other durable, and then those who wait are told. Between
 * two the journal goes on in its next generation.
 * Thread: queue agent.
 */
final class GroupCommit {
    /** Outcomes that nobody waits for are synced after this time at the latest. */
    static final long OUTCOME_SYNC_NS = 5_000_000;

    private final CommitAgent agent;
    private final Journal journal;
    private final JournalSpace space;
    private final RoomForMail room;
    private final SegmentStore segments;
    private final Arrivals arrivals;
    private final Compactor compactor;
    private final TailCopies tails;

    /** Bodies whose removal is not in the journal's file yet. */
    private final List<BodyRef> removed = new ArrayList<>();

    // Owned by the queue agent.
    private CommitBatch gathering = new CommitBatch();
    private CommitBatch spare = new CommitBatch();

    /** A generation that ends with the batch that gathers. */
    private @Nullable JournalFile ended;

    /** One ends with the batch that is under way. */
    private boolean isEnding;

    /** The last that the journal's file has been, or is being, synced with. */
    private long handedSequence;

    private long oldestOutcomeNs = Long.MAX_VALUE;
    private long failedSyncCount;

    GroupCommit(
            CommitAgent agent,
            Journal journal,
            JournalSpace space,
            RoomForMail room,
            SegmentStore segments,
            Arrivals arrivals,
            Compactor compactor) {
        this.agent = agent;
        this.journal = journal;
        this.space = space;
        this.room = room;
        this.segments = segments;
        this.arrivals = arrivals;
        this.compactor = compactor;
        this.tails = new TailCopies(journal, segments);
    }

    CommitBatch gathering() {
        return gathering;
    }

    boolean isIdle() {
        return agent.isIdle();
    }

    boolean hasFinished() {
        return agent.hasFinished();
    }

    /** Whether what is in the last generation but one may still be on its way into the queue. */
    boolean isEnding() {
        return ended != null || isEnding;
    }

    /** Nothing is gathered or under way. */
    boolean isSettled() {
        return agent.isIdle()
                && gathering.isEmpty()
                && !journal.isAbandoned()
                && journal.lastSequence() == handedSequence;
    }

    long failedSyncCount() {
        return failedSyncCount;
    }

    /** The journal goes on in another generation than that of the last batch. */
    void onNextGeneration() {
        handedSequence = 0;
    }

    // Handing over. --------------------------------------------------------------------------------------------------

    /** Hands over what has gathered, when somebody waits or it is time. Returns a work count. */
    int handIfDue(long nowNs) {
        if (!agent.isIdle() || journal.isAbandoned()) {
            return 0;
        }
        rotateIfFull();
        if (!isDue(nowNs)) {
            return 0;
        }
        hand(nowNs);
        return 1;
    }

    private void rotateIfFull() {
        if (ended != null || !journal.wantsRotation() || room.isShort()) {
            return;
        }
        if (journal.hasNext()) {
            ended = journal.rotate();
            onNextGeneration();
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

    /** When outcomes are to be handed over that nobody waits for; Long.MAX_VALUE when there are none. */
    long deadlineNs() {
        return oldestOutcomeNs == Long.MAX_VALUE || !agent.isIdle()
                ? Long.MAX_VALUE
                : oldestOutcomeNs + OUTCOME_SYNC_NS;
    }

    private void hand(long nowNs) {
        space.reserve();
        CommitBatch batch = gathering;
        batch.ended = ended;
        isEnding = ended != null;
        batch.lastSequence = journal.lastSequence();
        ended = null;
        if (!tails.tryAdd(batch, nowNs)) {
            batch.journal = journal.current();
            handedSequence = batch.lastSequence;
        }
        oldestOutcomeNs = Long.MAX_VALUE;
        gathering = spare;
        spare = batch;
        agent.hand(batch);
    }

    // Taking back. ---------------------------------------------------------------------------------------------------

    /** Takes back a finished batch. Returns a work count. */
    int takeBack(DurableListener listener) {
        CommitBatch done = agent.pollFinished();
        if (done == null) {
            return 0;
        }
        finish(done, listener);
        return 1;
    }

    private void finish(CommitBatch batch, DurableListener listener) {
        int syncs = (batch.ended == null ? 0 : 1) + (batch.journal == null ? 0 : 1) + (batch.writes.isEmpty() ? 0 : 1);
        listener.onBatch(syncs, batch.syncNs);
        tails.onFinished(batch);
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
        removed.addAll(batch.freed);
        if (batch.journal == null) {
            journal.onInSegment(batch.lastSequence);
        } else {
            journal.onDurable(batch.journal, batch.lastSequence, batch.ended);
            // Not before: what is written in their place may be all that tells of records before their removal.
            removed.forEach(segments::free);
            removed.clear();
        }
        for (CommitBatch.Waiting waiting : batch.messages) {
            listener.onAccepted(waiting.message(), waiting.body(), CommitResult.DURABLE);
        }
        batch.moves.forEach(compactor::onCopied);
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
        removed.clear();
        arrivals.fail();
        segments.abandonCurrent();
        JournalFile broken = journal.abandonCurrent();
        if (ended != null) {
            ended.close();
            ended = null;
        }
        broken.close();
        onNextGeneration();
    }

    private void refuse(CommitBatch batch, DurableListener listener) {
        for (CommitBatch.Waiting waiting : batch.messages) {
            listener.onAccepted(waiting.message(), waiting.body(), CommitResult.FAILED);
            segments.free(waiting.body());
        }
        // What was removed keeps its place until the next start: its removal is not on disk, so a crash brings it back.
    }

    /** Ends the commit thread after its batch; what was only gathered is lost. */
    void close() {
        agent.close();
    }
}

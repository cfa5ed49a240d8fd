// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.journal.Journal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives what arrives its place in a segment and its record in the journal, in the batch that gathers.
 * Thread: queue agent.
 */
final class Arrivals implements WaitingArrivals.Spooler {
    private final Journal journal;
    private final JournalSpace space;
    private final SegmentStore segments;
    private final Supplier<CommitBatch> gathering;
    private final IncomingBodies incoming = new IncomingBodies();

    Arrivals(Journal journal, JournalSpace space, SegmentStore segments, Supplier<CommitBatch> gathering) {
        this.journal = journal;
        this.space = space;
        this.segments = segments;
        this.gathering = gathering;
    }

    @Override
    public boolean place(IncomingExtent extent) {
        SegmentStore.Place place = space.hasRoom() ? segments.tryReserve(extent.lengthBytes()) : null;
        if (place == null) {
            return false;
        }
        incoming.add(extent, place);
        CommitBatch batch = gathering.get();
        batch.writes.add(new CommitBatch.Write(extent, place));
        if (!extent.isWithMessage()) {
            batch.listeners.add(extent.listener());
        }
        return true;
    }

    @Override
    public boolean isMakingRoomFor(IncomingExtent extent) {
        return space.isMakingRoom() || !space.isFull() && segments.isMakingRoomFor(extent.lengthBytes());
    }

    @Override
    public void acceptWhole(IncomingMessage message) {
        BodyRef body = incoming.finish(message.queueId(), message.bodyFlags());
        TakenOver takesOver = message.takesOver();
        if (takesOver != null) {
            journal.takesOver(message.queueId(), takesOver);
        }
        journal.accepted(message.queueId(), message.arrivalMs(), message.envelope(), body);
        gathering.get().messages.add(new CommitBatch.Waiting(message, body));
    }

    @Override
    public void giveUp(long queueId) {
        BodyRef body = incoming.abandon(queueId);
        if (body != null) {
            gathering.get().freed.add(body);
        }
    }

    /** What has come of a message that is not whole yet; null: nothing. */
    @Nullable
    BodyRef soFar(long queueId) {
        return incoming.soFar(queueId);
    }

    /**
     * Writes a copy of a body elsewhere; false, with its buffers released, when there is no room. Its place is journaled only
     * when the copy is durable: records may reach the disk before their batch does, and one that names an unwritten place
     * would lose the message.
     */
    boolean copyForward(IncomingExtent copy, BodyRef from) {
        if (!place(copy)) {
            copy.release();
            return false;
        }
        BodyRef to = incoming.finish(copy.queueId(), from.flags());
        gathering.get().moves.add(new CommitBatch.Move(copy.queueId(), from, to));
        return true;
    }
}

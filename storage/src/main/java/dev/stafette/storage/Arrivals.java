// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.journal.Journal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives what arrives its place in a segment and its record in the journal, in the batch that gathers. Without a segment to
 * write it to, it waits for the one that is being made, and what follows of it waits behind it.
 * Thread: queue agent.
 */
final class Arrivals implements WaitingArrivals.Spooler {
    private final Journal journal;
    private final JournalSpace space;
    private final SegmentStore segments;
    private final Supplier<CommitBatch> gathering;
    private final IncomingBodies incoming = new IncomingBodies();
    private final WaitingArrivals waiting = new WaitingArrivals();

    Arrivals(Journal journal, JournalSpace space, SegmentStore segments, Supplier<CommitBatch> gathering) {
        this.journal = journal;
        this.space = space;
        this.segments = segments;
        this.gathering = gathering;
    }

    /** Takes an extent; false, with its buffers released, when there is no room. */
    boolean tryWrite(IncomingExtent extent) {
        if (waiting.isEmpty() && place(extent)) {
            return true;
        }
        if (!waiting.hasRoom(extent.lengthBytes()) || !isMakingRoomFor(extent)) {
            extent.release();
            return false;
        }
        waiting.add(extent);
        return true;
    }

    /** All extents of the message have been taken. */
    void accept(IncomingMessage message) {
        if (waiting.isEmpty()) {
            acceptWhole(message);
        } else {
            waiting.add(message);
        }
    }

    /** Extents were taken of a message that will not come. */
    void abandon(long queueId) {
        if (waiting.isEmpty()) {
            giveUp(queueId);
        } else {
            waiting.addGivenUp(queueId);
        }
    }

    boolean areWaiting() {
        return !waiting.isEmpty();
    }

    /** Lets in what has a place now; returns how many. */
    int poll() {
        return waiting.poll(this);
    }

    /** A sync has failed, of what may be part of those that wait. */
    void fail() {
        waiting.fail(this);
    }

    /** Those that wait are in nobody's care any more. */
    void release() {
        waiting.release();
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
            journal.records().takesOver(message.queueId(), takesOver);
        }
        journal.records().accepted(message.queueId(), message.arrivalMs(), message.envelope(), body);
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

    /** Writes a copy of a body elsewhere, behind nothing that waits: null, with its buffers released, when there is no room. */
    @Nullable
    BodyRef tryCopy(IncomingExtent copy, int bodyFlags) {
        if (areWaiting() || !place(copy)) {
            copy.release();
            return null;
        }
        return incoming.finish(copy.queueId(), bodyFlags);
    }
}

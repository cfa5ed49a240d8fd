// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.journal.Journal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Executor;

/**
 * Lets a batch rest on the sync of its segment alone: its journal records are written behind its bodies as an extent of no
 * message, and the journal's file is synced a moment later, for many batches at once. What a power cut leaves in the
 * segments alone is read from there (decision 0045).
 * Thread: queue agent.
 */
final class TailCopies {
    /** The journal's file is synced after this time at the latest. */
    static final long JOURNAL_SYNC_NS = 20_000_000;

    /** The same in bytes: what a start may have to read. */
    private static final int BYTES_MAX = 4 << 20;

    private static final long NEVER = Long.MAX_VALUE;

    /** The buffers are let go where they were written. */
    private static final CommitListener NOBODY = new CommitListener() {
        @Override
        public Executor owner() {
            return Runnable::run;
        }

        @Override
        public void onCommitted(CommitResult result) {}
    };

    private final Journal journal;
    private final SegmentStore segments;
    private long sinceNs = NEVER;
    private int bytes;

    TailCopies(Journal journal, SegmentStore segments) {
        this.journal = journal;
        this.segments = segments;
    }

    /** Writes the batch's records into its segment; false: the journal's file has to be synced with it. */
    boolean tryAdd(CommitBatch batch, long nowNs) {
        if (!isWorthWhile(batch, nowNs) || !place(batch)) {
            sinceNs = NEVER;
            bytes = 0;
            journal.leaveTail();
            return false;
        }
        sinceNs = Math.min(sinceNs, nowNs);
        bytes += batch.tailBytes;
        return true;
    }

    private boolean isWorthWhile(CommitBatch batch, long nowNs) {
        boolean isDue = sinceNs != NEVER && nowNs - sinceNs >= JOURNAL_SYNC_NS || bytes >= BYTES_MAX;
        // What was moved is journaled when it is durable: there is no second sync to be saved.
        return !isDue
                && batch.ended == null
                && !batch.writes.isEmpty()
                && batch.moves.isEmpty()
                && journal.mayRestOnSegment();
    }

    private boolean place(CommitBatch batch) {
        if (journal.tailBytes() == 0) {
            return true;
        }
        int lengthBytes = ExtentFormat.HEADER_BYTES + journal.tailBytes();
        SegmentStore.Place place = segments.tryReserveBehind(
                batch.writes.get(batch.writes.size() - 1).place(), lengthBytes);
        if (place == null) {
            return false;
        }
        ByteBuf prefix = Unpooled.buffer(ExtentFormat.HEADER_BYTES);
        int headerBytes = ExtentFormat.begin(prefix, QueueId.NONE, 0, null, 0);
        ByteBuf records = journal.takeTail();
        ExtentFormat.finish(prefix, records, headerBytes, ExtentFormat.LAST);
        IncomingExtent extent = new IncomingExtent(QueueId.NONE, 0, prefix, records, headerBytes, true, NOBODY);
        batch.writes.add(new CommitBatch.Write(extent, place));
        batch.tail = place;
        batch.tailBytes = lengthBytes;
        return true;
    }

    /**
     * Its place is free: a segment is used again when all bodies in it are gone durably, and the last record of that is
     * behind these.
     */
    void onFinished(CommitBatch batch) {
        SegmentStore.Place place = batch.tail;
        if (place != null) {
            segments.free(place.segment().id(), batch.tailBytes);
        }
    }
}

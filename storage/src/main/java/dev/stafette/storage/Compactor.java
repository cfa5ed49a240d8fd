// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.Segment;
import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.journal.JournalRecords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the few messages that are left in a large segment forward, so that the segment can be used again: some extents
 * are found, those that are alive are read, and the copies written like mail that comes.
 * Thread: queue agent; finding and reading are the disk's.
 */
final class Compactor {
    /** A segment with less than this share alive is worth emptying. */
    private static final int LIVE_PERCENT_MAX = 20;

    /** With fewer segments than this, space is not the trouble. */
    private static final int SEGMENTS_MIN = 4;

    /** Extents that are copied at once; larger ones stay where they are. */
    private static final int EXTENT_BYTES_MAX = 1 << 20;

    private static final CommitListener NOBODY = new CommitListener() {
        private final Executor here = Runnable::run;

        @Override
        public Executor owner() {
            return here;
        }

        @Override
        public void onCommitted(CommitResult result) {
            // The spool itself learns of it with the batch.
        }
    };

    private final SegmentStore segments;
    private final DiskTasks disk;
    private final Arrivals arrivals;
    private final JournalRecords records;
    private final Supplier<CommitBatch> gathering;

    // Owned by the queue agent.
    /** Where messages were looked for last. */
    private @Nullable CheckpointSource messages;

    private @Nullable SegmentScan emptying;
    private boolean isReading;

    // What was found and is to be read, and what was read and is to be copied.
    private final ArrayDeque<SegmentScan.Extent> found = new ArrayDeque<>();
    private final ArrayDeque<SegmentScan.Content> read = new ArrayDeque<>();

    // Of a pass through all segments in the order of their ids, and of when it began.
    private int lastTriedId;
    private int openedAtStart;
    private boolean wasShort;

    Compactor(
            SegmentStore segments,
            DiskTasks disk,
            Arrivals arrivals,
            JournalRecords records,
            Supplier<CommitBatch> gathering) {
        this.segments = segments;
        this.disk = disk;
        this.arrivals = arrivals;
        this.records = records;
        this.gathering = gathering;
    }

    /** Returns a work count: 0 when there is nothing to do, or nothing until the disk has answered. */
    int work(CheckpointSource source) {
        messages = source;
        if (isReading) {
            return 0;
        }
        SegmentScan scan = emptying == null ? choose() : emptying;
        if (scan == null) {
            return 0;
        }
        emptying = scan;
        int count = copy(scan, source);
        List<SegmentScan.Extent> alive = alive(scan, source);
        if (!alive.isEmpty()) {
            submit(() -> {
                List<SegmentScan.Content> contents = scan.read(alive);
                return () -> read.addAll(contents);
            });
        } else if (scan.isAtEnd()) {
            scan.close();
            emptying = null;
            count++;
        } else {
            submit(() -> {
                List<SegmentScan.Extent> next = scan.find();
                return () -> found.addAll(next);
            });
        }
        return count;
    }

    private void submit(DiskTasks.Task task) {
        isReading = true;
        disk.submit(() -> {
            Runnable next = task.run();
            return () -> {
                isReading = false;
                next.run();
            };
        });
    }

    /** On a full disk, too, as long as there is a place to copy to: it is this that makes room. */
    private @Nullable SegmentScan choose() {
        boolean isShort = segments.isShort();
        if (segments.segmentCount() < SEGMENTS_MIN || isShort && !segments.hasPlace(EXTENT_BYTES_MAX)) {
            return null;
        }
        if (segments.openedCount() != openedAtStart || isShort && !wasShort) {
            // What was tried may have become sparser; more often than with each new segment it need not be looked at.
            openedAtStart = segments.openedCount();
            lastTriedId = 0;
        }
        wasShort = isShort;
        @Nullable Segment chosen = null;
        for (Segment segment : segments.segments()) {
            if (segment.id() > lastTriedId
                    && segment.isSparse(LIVE_PERCENT_MAX)
                    && (chosen == null || segment.id() < chosen.id())) {
                chosen = segment;
            }
        }
        if (chosen == null) {
            return null;
        }
        lastTriedId = chosen.id();
        return new SegmentScan(chosen);
    }

    private List<SegmentScan.Extent> alive(SegmentScan scan, CheckpointSource source) {
        List<SegmentScan.Extent> alive = new ArrayList<>();
        long bytes = 0;
        while (!found.isEmpty() && bytes < EXTENT_BYTES_MAX) {
            SegmentScan.Extent extent = found.remove();
            if (extent.lengthBytes() <= EXTENT_BYTES_MAX && bodyAt(scan, extent, source) != null) {
                alive.add(extent);
                bytes += extent.lengthBytes();
            }
        }
        return alive;
    }

    /** The body that consists of this extent; null when it is not there any more, or must not be moved now. */
    private static @Nullable BodyRef bodyAt(SegmentScan scan, SegmentScan.Extent extent, CheckpointSource source) {
        LiveMessage live = source.isMovable(extent.queueId()) ? source.current(extent.queueId()) : null;
        return live != null
                        && live.body().isSingle()
                        && live.body().segment(0) == scan.segmentId()
                        && live.body().offset(0) == extent.offset()
                ? live.body()
                : null;
    }

    private int copy(SegmentScan scan, CheckpointSource source) {
        int count = 0;
        for (SegmentScan.Content one = read.poll(); one != null; one = read.poll()) {
            BodyRef body = bodyAt(scan, one.extent(), source);
            if (body != null) {
                ByteBuf copy = Unpooled.wrappedBuffer(one.bytes());
                copyForward(
                        new IncomingExtent(
                                one.extent().queueId(),
                                0,
                                copy,
                                Unpooled.EMPTY_BUFFER,
                                body.headerBytes(0),
                                true,
                                NOBODY),
                        body);
            }
            count++;
        }
        return count;
    }

    /**
     * Its place is journaled only when the copy is durable: records may reach the disk before their batch does, and one that
     * names an unwritten place would lose the message.
     */
    private void copyForward(IncomingExtent copy, BodyRef from) {
        BodyRef to = arrivals.tryCopy(copy, from.flags());
        if (to != null) {
            gathering.get().moves.add(new CommitBatch.Move(copy.queueId(), from, to));
        }
    }

    /** The copy is durable: it counts, unless the message has gone or changed meanwhile. */
    void onCopied(CommitBatch.Move move) {
        CheckpointSource source = messages;
        LiveMessage live = source != null && source.isMovable(move.queueId()) ? source.current(move.queueId()) : null;
        if (source == null || live == null || !live.body().equals(move.from())) {
            gathering.get().freed.add(move.to());
            return;
        }
        records.moved(move.queueId(), move.to());
        source.onMoved(move.queueId(), move.to());
        gathering.get().freed.add(move.from());
    }
}

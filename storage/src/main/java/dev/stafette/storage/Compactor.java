// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.Segment;
import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.LiveMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Copies the few messages that are left in a large segment forward, so that the segment can be used again. In slices:
 * the agent has other work.
 * Thread: queue agent. It reads some KB of a file at a time.
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
    private @Nullable Segment emptying;
    private int offset;

    // Of a pass through all segments in the order of their ids, and of when it began.
    private int lastTriedId;
    private int openedAtStart;
    private boolean wasShort;

    Compactor(SegmentStore segments) {
        this.segments = segments;
    }

    int work(CheckpointSource source, int limit, Spool spool) {
        Segment segment = emptying == null ? choose() : emptying;
        emptying = segment;
        if (segment == null) {
            return 0;
        }
        ByteBuf header = PooledByteBufAllocator.DEFAULT.directBuffer(ExtentFormat.HEADER_BYTES);
        try {
            int count = 0;
            while (count < limit && emptying != null) {
                step(segment, header, source, spool);
                count++;
            }
            return count;
        } finally {
            header.release();
        }
    }

    /** On a full disk, too, as long as there is a place to copy to: it is this that makes room. */
    private @Nullable Segment choose() {
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
        if (chosen != null) {
            lastTriedId = chosen.id();
            offset = 0;
        }
        return chosen;
    }

    private void step(Segment segment, ByteBuf header, CheckpointSource source, Spool spool) {
        int length = offset + ExtentFormat.HEADER_BYTES > segment.sizeBytes() ? -1 : readHeader(segment, header);
        if (length < 0) {
            emptying = null;
            return;
        }
        long queueId = ExtentFormat.queueId(header);
        LiveMessage live = source.isMovable(queueId) ? source.current(queueId) : null;
        if (live != null
                && live.body().isSingle()
                && live.body().segment(0) == segment.id()
                && live.body().offset(0) == offset
                && length <= EXTENT_BYTES_MAX) {
            move(segment, queueId, live.body(), length, spool);
        }
        offset = offset + length + 7 & ~7;
    }

    /** Length of the extent at the offset; -1 at the end of what was written. */
    private int readHeader(Segment segment, ByteBuf header) {
        header.clear();
        return read(segment, offset, ExtentFormat.HEADER_BYTES, header) ? ExtentFormat.lengthBytes(header) : -1;
    }

    private static boolean read(Segment segment, int at, int length, ByteBuf into) {
        ByteBuffer target = into.internalNioBuffer(into.writerIndex(), length);
        try {
            long position = at;
            while (target.hasRemaining()) {
                int read = segment.channel().read(target, position);
                if (read < 0) {
                    return false;
                }
                position += read;
            }
        } catch (IOException e) {
            return false;
        }
        into.writerIndex(into.writerIndex() + length);
        return true;
    }

    private void move(Segment segment, long queueId, BodyRef body, int length, Spool spool) {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        if (!read(segment, offset, length, copy)) {
            copy.release();
            return;
        }
        spool.copyForward(
                new IncomingExtent(queueId, 0, copy, Unpooled.EMPTY_BUFFER, body.headerBytes(0), true, NOBODY), body);
    }
}

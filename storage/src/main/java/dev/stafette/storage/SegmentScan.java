// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.Segment;
import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a segment for its extents, one behind the other, and reads some of them. The segment is pinned as long.
 * Thread: queue agent, but for {@link #find} and {@link #read}, which are the disk's; one of the two at a time.
 */
final class SegmentScan implements AutoCloseable {
    /** Of one finding. */
    private static final int EXTENTS_MAX = 64;

    private final Segment segment;
    private int offset;
    private boolean isAtEnd;

    /** Where an extent begins, and whose it was. */
    record Extent(long queueId, int offset, int lengthBytes) {}

    /** What is in it. */
    record Content(Extent extent, byte[] bytes) {}

    SegmentScan(Segment segment) {
        this(segment, 0);
    }

    /** @param offset where an extent begins, or would */
    SegmentScan(Segment segment, int offset) {
        this.segment = segment;
        this.offset = offset;
        segment.pin();
    }

    int segmentId() {
        return segment.id();
    }

    /** All has been found that was ever written into it. */
    boolean isAtEnd() {
        return isAtEnd;
    }

    List<Extent> find() {
        List<Extent> found = new ArrayList<>();
        byte[] bytes = new byte[ExtentFormat.HEADER_BYTES];
        ByteBuf header = Unpooled.wrappedBuffer(bytes);
        while (found.size() < EXTENTS_MAX) {
            if (offset + ExtentFormat.HEADER_BYTES > segment.sizeBytes() || !fill(offset, bytes)) {
                isAtEnd = true;
                return found;
            }
            int lengthBytes = ExtentFormat.lengthBytes(header);
            if (lengthBytes < 0) {
                isAtEnd = true;
                return found;
            }
            found.add(new Extent(ExtentFormat.queueId(header), offset, lengthBytes));
            offset = offset + lengthBytes + 7 & ~7;
        }
        return found;
    }

    /** Those that can be read. */
    List<Content> read(List<Extent> extents) {
        List<Content> contents = new ArrayList<>(extents.size());
        for (Extent extent : extents) {
            byte[] bytes = new byte[extent.lengthBytes()];
            if (fill(extent.offset(), bytes)) {
                contents.add(new Content(extent, bytes));
            }
        }
        return contents;
    }

    /** The first bytes behind an extent's header; null when it has not so many. */
    @Nullable
    ByteBuffer front(Extent extent, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        boolean isThere = extent.lengthBytes() >= ExtentFormat.HEADER_BYTES + lengthBytes
                && fill(extent.offset() + ExtentFormat.HEADER_BYTES, bytes);
        return isThere ? ByteBuffer.wrap(bytes) : null;
    }

    /** What is behind an extent's header, as far as it can be read. */
    ByteBuffer content(Extent extent) {
        byte[] bytes = new byte[extent.lengthBytes() - ExtentFormat.HEADER_BYTES];
        return fill(extent.offset() + ExtentFormat.HEADER_BYTES, bytes)
                ? ByteBuffer.wrap(bytes)
                : ByteBuffer.allocate(0);
    }

    private boolean fill(long at, byte[] bytes) {
        ByteBuffer target = ByteBuffer.wrap(bytes);
        try {
            while (target.hasRemaining()) {
                if (segment.channel().read(target, at + target.position()) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        segment.unpin();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.body;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A body segment: a file of fixed size that extents are written into, one behind the other.
 * Thread: any for the channel and pins; queue agent for places and counts.
 *
 * <p>Nothing is mapped, so nothing can be unmapped under a reader; a reader pins the segment, and a pinned one is not
 * reused.
 */
public final class Segment {
    private final int id;
    private final Path file;
    private final FileChannel channel;
    private final long sizeBytes;
    private final AtomicInteger pinCount = new AtomicInteger();

    // Owned by the queue agent.
    private int writtenBytes;
    private int liveCount;
    private long liveBytes;
    private boolean isClosedForWriting;

    Segment(int id, Path file) throws IOException {
        this(id, file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private Segment(int id, Path file, FileChannel channel) throws IOException {
        this.id = id;
        this.file = file;
        this.channel = channel;
        this.sizeBytes = channel.size();
    }

    /** Of a spool that somebody else may own. */
    static Segment openToRead(int id, Path file) throws IOException {
        return new Segment(id, file, FileChannel.open(file, StandardOpenOption.READ));
    }

    public int id() {
        return id;
    }

    Path file() {
        return file;
    }

    public FileChannel channel() {
        return channel;
    }

    /** Of the file. One that an earlier process made may have another size than ours. */
    public long sizeBytes() {
        return sizeBytes;
    }

    public void pin() {
        pinCount.incrementAndGet();
    }

    public void unpin() {
        int pins = pinCount.decrementAndGet();
        assert pins >= 0 : "segment " + id + " unpinned once too often";
    }

    boolean isPinned() {
        return pinCount.get() > 0;
    }

    /** The place of the next extent; -1 when it does not fit. */
    int tryReserve(int lengthBytes, int segmentBytes) {
        if (isClosedForWriting || lengthBytes > segmentBytes - writtenBytes) {
            return -1;
        }
        int offset = writtenBytes;
        // Eight-byte alignment, so that a tool that looks for extents need not look everywhere.
        writtenBytes = Math.addExact(offset, lengthBytes) + 7 & ~7;
        liveCount++;
        liveBytes += lengthBytes;
        return offset;
    }

    /** Recovery found an extent in it. */
    void onFound(int lengthBytes) {
        liveCount++;
        liveBytes += lengthBytes;
        isClosedForWriting = true;
    }

    void onFreed(int lengthBytes) {
        liveCount--;
        liveBytes -= lengthBytes;
        assert liveCount >= 0 : "segment " + id + " freed once too often";
    }

    /** What it can still take. */
    int freeBytes(int segmentBytes) {
        return isClosedForWriting ? 0 : segmentBytes - writtenBytes;
    }

    void closeForWriting() {
        isClosedForWriting = true;
    }

    boolean isClosedForWriting() {
        return isClosedForWriting;
    }

    /** Full, and less than this share is alive in it. */
    public boolean isSparse(int livePercentMax) {
        return isClosedForWriting && liveCount > 0 && liveBytes < sizeBytes * livePercentMax / 100;
    }

    int liveCount() {
        return liveCount;
    }

    void close() throws IOException {
        channel.close();
    }
}

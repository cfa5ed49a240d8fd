// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.OwnDirectory;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * One generation of the journal, open for appending: a Chronicle queue directory with a single file, since the clock that
 * it rolls by stands still.
 * Thread: queue agent; {@link #create} may wait for the disk, and {@link #force} is the commit thread's.
 *
 * <p>Chronicle writes through a mapping, where a full disk is a SIGBUS. So the file is zero-filled ahead of its end by
 * ordinary writes, which fail in a way one can handle; in steps of 4 KB, since ext4 would write back whole large folios
 * for each small store otherwise. Chronicle's own sync is not durable (decision 0001): the file is forced.
 */
public final class JournalFile implements AutoCloseable {
    static final int BLOCK_BYTES = 4 << 20;

    private static final int FILL_BYTES = 4096;

    private static final int RESERVE_STEP_BYTES = 256 << 10;

    /** Chronicle writes its header and first index when it opens a file; they lie within this. */
    private static final int OPENING_BYTES = 1 << 20;

    private final Path directory;
    private final long id;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final FileChannel file;
    private final JournalRecord record = new JournalRecord();
    private final Bytes<ByteBuffer> recordBytes = Bytes.wrapForRead(record.buffer());
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
    private final int reserveBytes;
    private final DiskSync sync;

    // Owned by the queue agent.
    private long positionBytes;
    private long reservedBytes;
    private long lastSequence;

    private JournalFile(Path directory, long id, int reserveBytes, SingleChronicleQueue queue, DiskSync sync)
            throws IOException {
        this.directory = directory;
        this.id = id;
        this.reserveBytes = reserveBytes;
        this.queue = queue;
        this.sync = sync;
        this.appender = queue.createAppender();
        // The start-up or the disk's thread opens it, the queue agent has it afterwards: one after the other, which
        // Chronicle cannot know.
        appender.singleThreadedCheckDisabled(true);
        recordBytes.singleThreadedCheckDisabled(true);
        Path path = directory.resolve(GenerationNames.FILE);
        try (DocumentContext opening = appender.writingDocument()) {
            // Makes Chronicle create the file; taken back, so that nothing of ours is in it before it is reserved.
            opening.rollbackOnClose();
        }
        this.file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.reservedBytes = roundUp(lastWrittenByte() + 1);
    }

    /** Creates the generation's directory and file, with a reserve behind its end, and syncs the directories. */
    static JournalFile create(Path spool, long id, int reserveBytes, DiskSync sync) {
        Path directory = spool.resolve(GenerationNames.directory(id));
        try {
            Files.createDirectory(directory, OwnDirectory.permissions());
            SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory.toFile())
                    .rollCycle(RollCycles.FAST_DAILY)
                    .timeProvider(() -> 0L)
                    .blockSize(BLOCK_BYTES)
                    .build();
            JournalFile journal = new JournalFile(directory, id, reserveBytes, queue, sync);
            journal.fillReserve();
            sync.whole(journal.file);
            sync.directory(directory);
            sync.directory(spool);
            return journal;
        } catch (IOException | RuntimeException e) {
            throw new StorageException(
                    directory + ": a new journal generation could not be opened: " + e.getMessage(), e);
        }
    }

    private long lastWrittenByte() throws IOException {
        ByteBuffer start = ByteBuffer.allocate(OPENING_BYTES);
        while (start.hasRemaining() && file.read(start, start.position()) > 0) {
            continue;
        }
        int last = start.position() - 1;
        while (last >= 0 && start.get(last) == 0) {
            last--;
        }
        return last;
    }

    private static long roundUp(long bytes) {
        return (bytes + FILL_BYTES - 1) / FILL_BYTES * FILL_BYTES;
    }

    private void fillReserve() throws IOException {
        long until = reserveUntil();
        while (reservedBytes < until) {
            reservedBytes += writeZeros(zeros.clear(), reservedBytes);
        }
    }

    boolean isReserveWhole() {
        return reservedBytes - positionBytes >= reserveBytes;
    }

    /** Up to here zeros, and records in their place, have been written. */
    long reservedBytes() {
        return reservedBytes;
    }

    /** Up to where the reserve is to be filled: to its full size, and some hundred KB at a time. */
    long reserveUntil() {
        long step = roundUp(Math.max(positionBytes, reservedBytes) + RESERVE_STEP_BYTES);
        return Math.max(step, roundUp(positionBytes + reserveBytes));
    }

    /** A step of zeros, for one who fills. */
    ByteBuffer zeros() {
        return zeros.duplicate();
    }

    /** Any thread: writes some of these behind the reserve; an IOException says that the disk is full. */
    int writeZeros(ByteBuffer from, long at) throws IOException {
        return sync.reserve(file, from, at);
    }

    /** It has been filled up to there. */
    void onReserved(long until) {
        reservedBytes = Math.max(reservedBytes, until);
    }

    /** Whether a record of this length fits in what is reserved, Chronicle's own pages included. */
    boolean hasRoom(int recordBytesMax) {
        return reservedBytes - positionBytes > recordBytesMax + (64 << 10);
    }

    JournalRecord record() {
        return record;
    }

    /** Length of the record that was begun and is written so far. */
    int pendingBytes() {
        return record.buffer().position();
    }

    /** Appends the record that was begun; returns its sequence. The caller has seen that there is room. */
    long append(long durableSequence) {
        lastSequence++;
        ByteBuffer sealed = record.end(lastSequence, durableSequence);
        recordBytes.readPositionRemaining(0, sealed.limit());
        try (DocumentContext document = appender.writingDocument()) {
            Bytes<?> bytes = document.wire().bytes();
            bytes.write(recordBytes);
            positionBytes = bytes.writePosition();
        }
        return lastSequence;
    }

    long id() {
        return id;
    }

    Path directory() {
        return directory;
    }

    long sizeBytes() {
        return positionBytes;
    }

    long lastSequence() {
        return lastSequence;
    }

    /** Puts all that was appended before the call on stable storage, the given way. Commit thread. */
    public void force(DiskSync how) throws IOException {
        how.force(file);
    }

    @Override
    public void close() {
        queue.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new StorageException(directory + ": not closed: " + e.getMessage(), e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one generation's file by their checksums, wherever Chronicle put them. It never writes, and does
 * not depend on Chronicle's header, index or metadata pages, which a power cut may leave in any state; so it also reads
 * on behind a damaged place. Where a start has found records in segments that the file does not have, they come at their
 * place.
 * Thread: its owner's.
 */
final class JournalScan implements Closeable {
    /** Chronicle aligns documents to four bytes. */
    private static final int ALIGNMENT = 4;

    private static final int DOCUMENT_HEADER_BYTES = 4;

    private static final int WINDOW_BYTES = 4 << 20;

    private final FileChannel file;
    private final long fileBytes;
    private final ByteBuffer fileWindow =
            ByteBuffer.allocateDirect(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final @Nullable ByteBuffer tail;
    private final long tailFirst;
    private final JournalRecord record = JournalRecord.forReading();

    // Of the file, and then of the tail.
    private ByteBuffer window = fileWindow;
    private long sizeBytes;

    private long windowStart;
    /** Where the file goes on behind the tail. */
    private long fileOffset;

    private boolean isBehindTail;
    private long offset;
    private int lengthBytes;
    private long sequence;

    private JournalScan(FileChannel file, @Nullable ByteBuffer tail) throws IOException {
        this.file = file;
        this.fileBytes = file.size() / ALIGNMENT * ALIGNMENT;
        this.tail = tail;
        this.tailFirst = tail == null ? Long.MAX_VALUE : JournalRecord.sequence(tail, DOCUMENT_HEADER_BYTES);
        rewind();
    }

    static JournalScan open(Path path) throws IOException {
        Path beside = path.resolveSibling(GenerationNames.TAIL);
        boolean isThere = Files.exists(beside);
        return open(path, isThere ? ByteBuffer.wrap(Files.readAllBytes(beside)).order(ByteOrder.LITTLE_ENDIAN) : null);
    }

    /** @param tail what {@link JournalTail#join} made; it is not empty */
    static JournalScan open(Path path, @Nullable ByteBuffer tail) throws IOException {
        return new JournalScan(FileChannel.open(path, StandardOpenOption.READ), tail);
    }

    boolean hasTail() {
        return tail != null;
    }

    void rewind() {
        turnTo(fileWindow.limit(0), fileBytes, 0);
        isBehindTail = false;
        sequence = 0;
    }

    /** Moves to the next whole record of a greater sequence; false at the end. */
    boolean next() throws IOException {
        boolean found = find();
        if (tail == null || isBehindTail) {
            return found;
        }
        if (window == tail) {
            if (!found) {
                isBehindTail = true;
                turnTo(fileWindow.limit(0), fileBytes, fileOffset);
                found = find();
            }
        } else if (!found || sequence >= tailFirst) {
            fileOffset = offset;
            sequence = tailFirst - 1;
            turnTo(tail, tail.limit(), 0);
            found = find();
        }
        return found;
    }

    private void turnTo(ByteBuffer from, long bytes, long at) {
        window = from;
        windowStart = 0;
        sizeBytes = bytes;
        offset = at;
        lengthBytes = 0;
    }

    private boolean find() throws IOException {
        long at = lengthBytes == 0 ? offset : align(offset + lengthBytes) + DOCUMENT_HEADER_BYTES;
        for (; at <= sizeBytes - JournalRecord.FRAME_BYTES; at += ALIGNMENT) {
            int here = load(at);
            if (window.getInt(here) == 0) {
                continue;
            }
            long found = JournalRecord.sequence(window, here);
            if (found <= sequence) {
                continue;
            }
            int length = record.validLengthAt(window, here, window.limit() - here);
            if (length > 0) {
                offset = at;
                lengthBytes = length;
                sequence = found;
                return true;
            }
        }
        offset = sizeBytes;
        lengthBytes = 0;
        return false;
    }

    /** Where the offset is in the window, which holds the largest record behind it, or all that the file has. */
    private int load(long at) throws IOException {
        boolean inside = at >= windowStart && at < windowStart + window.limit();
        long end = windowStart + window.limit();
        if (inside && (end - at >= JournalRecord.BYTES_MAX || end >= sizeBytes)) {
            return (int) (at - windowStart);
        }
        windowStart = at;
        window.clear().limit((int) Math.min(WINDOW_BYTES, sizeBytes - at));
        while (window.hasRemaining()) {
            if (file.read(window, windowStart + window.position()) < 0) {
                throw new EOFException("file became shorter while it was read");
            }
        }
        window.flip();
        return 0;
    }

    private static long align(long at) {
        return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private int inWindow() {
        return (int) (offset - windowStart);
    }

    long sequence() {
        return sequence;
    }

    long durableSequence() {
        return JournalRecord.durableSequence(window, inWindow());
    }

    JournalRecordType type() {
        return JournalRecord.type(window, inWindow());
    }

    long queueId() {
        return JournalRecord.queueId(window, inWindow());
    }

    /** The payload, as a view that is good until the next record. */
    ByteBuffer payload() {
        return window.slice(inWindow() + JournalRecord.FRAME_BYTES, lengthBytes - JournalRecord.FRAME_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

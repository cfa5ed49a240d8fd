// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the records of one generation's file by their checksums, wherever Chronicle put them. It never writes, and does
 * not depend on Chronicle's header, index or metadata pages, which a power cut may leave in any state; so it also reads
 * on behind a damaged place.
 * Thread: its owner's.
 */
final class JournalScan {
    /** Chronicle aligns documents to four bytes. */
    private static final int ALIGNMENT = 4;

    private static final int DOCUMENT_HEADER_BYTES = 4;

    private final ByteBuffer bytes;
    private final JournalRecord record = new JournalRecord();
    private int offset;
    private int lengthBytes;
    private long sequence;

    private JournalScan(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static JournalScan open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // A generation is some hundred MB. The mapping goes with the garbage: nobody unmaps by hand.
            long size = Math.min(channel.size(), Integer.MAX_VALUE - (ALIGNMENT - 1)) / ALIGNMENT * ALIGNMENT;
            return new JournalScan(
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    void rewind() {
        offset = 0;
        lengthBytes = 0;
        sequence = 0;
    }

    /** Moves to the next whole record of a greater sequence; false at the end. */
    boolean next() {
        int at = lengthBytes == 0 ? offset : align(offset + lengthBytes) + DOCUMENT_HEADER_BYTES;
        int limit = bytes.limit();
        for (; at <= limit - JournalRecord.FRAME_BYTES; at += ALIGNMENT) {
            if (bytes.getInt(at) == 0) {
                continue;
            }
            long found = JournalRecord.sequence(bytes, at);
            if (found <= sequence) {
                continue;
            }
            int length = record.validLengthAt(bytes, at, limit - at);
            if (length > 0) {
                offset = at;
                lengthBytes = length;
                sequence = found;
                return true;
            }
        }
        offset = limit;
        lengthBytes = 0;
        return false;
    }

    private static int align(int at) {
        return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long sequence() {
        return sequence;
    }

    long durableSequence() {
        return JournalRecord.durableSequence(bytes, offset);
    }

    RecordType type() {
        return JournalRecord.type(bytes, offset);
    }

    long queueId() {
        return JournalRecord.queueId(bytes, offset);
    }

    /** The payload, as a view. */
    ByteBuffer payload() {
        return bytes.slice(offset + JournalRecord.FRAME_BYTES, lengthBytes - JournalRecord.FRAME_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}

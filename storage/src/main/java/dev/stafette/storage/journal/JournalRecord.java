// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.StorageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a journal record, over a buffer that holds one record. Little-endian.
 * Thread: its owner's; one instance for writing, one for each reader.
 *
 * <pre>
 *  0 u32 CRC32C of bytes 4..length    8 u64 sequence, contiguous in a generation
 *  4 u24 length | u8 type            16 u64 last sequence known to be durable when this was written
 *                                    24 u64 queue id
 *                                    32 payload
 * </pre>
 *
 * The third number lets recovery tell damage from an unsynced tail: what a later record calls durable must be there.
 */
public final class JournalRecord {
    public static final int FRAME_BYTES = 32;

    /** A quarter of the journal's block is Chronicle's limit; see {@link JournalFile#BLOCK_BYTES}. */
    public static final int BYTES_MAX = 900 << 10;

    private static final int LENGTH_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int DURABLE_OFFSET = 16;
    private static final int QUEUE_ID_OFFSET = 24;
    private static final int LENGTH_MASK = 0xffffff;

    private final ByteBuffer buffer;
    private final CRC32C crc = new CRC32C();

    JournalRecord() {
        this(BYTES_MAX);
    }

    private JournalRecord(int bytesMax) {
        buffer = ByteBuffer.allocateDirect(bytesMax).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One that looks at other buffers alone. */
    static JournalRecord forReading() {
        return new JournalRecord(0);
    }

    /** Positioned behind the frame; the caller puts the payload there. */
    public ByteBuffer begin(JournalRecordType type, long queueId) {
        buffer.clear();
        buffer.putInt(LENGTH_OFFSET, type.ordinal() << 24);
        buffer.putLong(QUEUE_ID_OFFSET, queueId);
        return buffer.position(FRAME_BYTES);
    }

    /** Seals the record and flips the buffer for reading. */
    ByteBuffer end(long sequence, long durableSequence) {
        int length = buffer.position();
        buffer.putInt(LENGTH_OFFSET, buffer.getInt(LENGTH_OFFSET) & ~LENGTH_MASK | length);
        buffer.putLong(SEQUENCE_OFFSET, sequence);
        buffer.putLong(DURABLE_OFFSET, durableSequence);
        buffer.flip();
        buffer.position(LENGTH_OFFSET);
        buffer.putInt(0, checksum(buffer));
        return buffer.position(0);
    }

    /** Of what remains in the buffer. */
    private int checksum(ByteBuffer from) {
        crc.reset();
        crc.update(from);
        return (int) crc.getValue();
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** Length of the record that starts at the offset; -1 when none with a right checksum does. */
    int validLengthAt(ByteBuffer from, int at, int availableBytes) {
        if (availableBytes < FRAME_BYTES) {
            return -1;
        }
        int lengthAndType = from.getInt(at + LENGTH_OFFSET);
        int length = lengthAndType & LENGTH_MASK;
        if (length < FRAME_BYTES || length > BYTES_MAX || length > availableBytes) {
            return -1;
        }
        return checksum(from.slice(at + LENGTH_OFFSET, length - LENGTH_OFFSET)) == from.getInt(at) ? length : -1;
    }

    /** Of a record with a right checksum; a StorageException when only a later version knows the type. */
    static JournalRecordType type(ByteBuffer record, int at) {
        int number = record.getInt(at + LENGTH_OFFSET) >>> 24;
        @Nullable JournalRecordType type = JournalRecordType.of(number);
        if (type == null) {
            throw new StorageException("journal record type: " + number + " (expected: 0.." + JournalRecordType.LAST
                    + "): written by a later version of this program");
        }
        return type;
    }

    static long sequence(ByteBuffer record, int at) {
        return record.getLong(at + SEQUENCE_OFFSET);
    }

    static long durableSequence(ByteBuffer record, int at) {
        return record.getLong(at + DURABLE_OFFSET);
    }

    static long queueId(ByteBuffer record, int at) {
        return record.getLong(at + QUEUE_ID_OFFSET);
    }
}

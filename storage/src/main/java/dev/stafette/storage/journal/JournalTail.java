// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records that were appended since the last batch, to be written once more into the segment of that batch's bodies: they
 * are durable with the segment's sync, and the journal's own may come later (decision 0045). Little-endian.
 * Thread: queue agent; what was taken is the commit thread's until its batch is finished. {@link #join}: any.
 *
 * <pre>
 *  0 u64 generation   8 u64 first sequence   16 u64 last sequence
 * 24 records, each behind four zero bytes and aligned to four, as in a journal's file
 * </pre>
 */
public final class JournalTail {
    /** More than this is not written twice: the journal is synced with its batch. */
    public static final int BYTES_MAX = 256 << 10;

    /** Generation and sequences. */
    public static final int FRONT_BYTES = 24;

    private static final int FIRST_BYTES = 16 << 10;

    // Two by turns: a batch is under way while the next one gathers.
    private ByteBuf bytes = Unpooled.directBuffer(FIRST_BYTES, BYTES_MAX);
    private ByteBuf other = Unpooled.directBuffer(FIRST_BYTES, BYTES_MAX);

    private boolean isWhole = true;
    private long firstSequence;
    private long lastSequence;

    JournalTail() {
        clear();
    }

    /** What comes next is the first. */
    void clear() {
        bytes.clear().writeZero(FRONT_BYTES);
        isWhole = true;
        firstSequence = 0;
        lastSequence = 0;
    }

    /** What is appended until {@link #clear} is not for a segment. */
    void leaveOut() {
        isWhole = false;
    }

    void add(ByteBuffer sealed, long sequence) {
        int from = aligned(bytes.writerIndex());
        int length = from - bytes.writerIndex() + Integer.BYTES + sealed.remaining();
        if (!isWhole || length > bytes.maxWritableBytes()) {
            isWhole = false;
            return;
        }
        bytes.writeZero(from - bytes.writerIndex() + Integer.BYTES).writeBytes(sealed.duplicate());
        firstSequence = firstSequence == 0 ? sequence : firstSequence;
        lastSequence = sequence;
    }

    /** Whether it has all that was appended since the last batch. */
    boolean isWhole() {
        return isWhole;
    }

    boolean isEmpty() {
        return firstSequence == 0;
    }

    int lengthBytes() {
        return bytes.readableBytes();
    }

    /** To be released by who takes it, before the next but one is taken. */
    ByteBuf take(long generation) {
        ByteBuf taken =
                bytes.setLongLE(0, generation).setLongLE(8, firstSequence).setLongLE(16, lastSequence);
        bytes = other;
        other = taken;
        clear();
        return taken.retainedDuplicate();
    }

    void close() {
        bytes.release();
        other.release();
    }

    private static int aligned(int at) {
        return at + 3 & ~3;
    }

    /**
     * Whether such a piece goes on behind a sequence.
     *
     * @param front the first {@link #FRONT_BYTES} of it
     */
    public static boolean goesOn(ByteBuffer front, long generation, long behindSequence) {
        ByteBuffer in = front.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return in.getLong() == generation && in.getLong() <= behindSequence + 1 && in.getLong() > behindSequence;
    }

    /** The last sequence of such a piece. */
    public static long lastSequence(ByteBuffer front) {
        return front.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(front.position() + 16);
    }

    /**
     * The records of such pieces that follow a sequence without a gap, laid out as in a journal's file; null when there are
     * none. Each record is believed for its checksum.
     */
    static @Nullable ByteBuffer join(List<ByteBuffer> pieces, long behindSequence) {
        JournalRecord reading = JournalRecord.forReading();
        ByteBuf joined = Unpooled.buffer();
        long last = behindSequence;
        for (ByteBuffer piece : pieces) {
            ByteBuffer in = piece.slice().order(ByteOrder.LITTLE_ENDIAN);
            int at = FRONT_BYTES + Integer.BYTES;
            int length = reading.validLengthAt(in, at, in.limit() - at);
            while (length > 0) {
                if (JournalRecord.sequence(in, at) == last + 1) {
                    last++;
                    joined.writeZero(aligned(joined.writerIndex()) - joined.writerIndex() + Integer.BYTES);
                    joined.writeBytes(in.slice(at, length));
                }
                at = aligned(at + length) + Integer.BYTES;
                length = reading.validLengthAt(in, at, in.limit() - at);
            }
        }
        return last == behindSequence ? null : joined.nioBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}

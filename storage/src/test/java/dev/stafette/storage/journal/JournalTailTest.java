// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pieces of the journal in segments: their bytes, and how a start puts them together. */
class JournalTailTest {
    private static final long GENERATION = 7;

    /** Two records behind generation and sequences: a change of these bytes is one of the format. */
    private static final String GOLDEN = "0700000000000000" + "0300000000000000" + "0400000000000000"
            + "00000000" + "4f7cd6ff21000007030000000000000002000000000000000500000000000000" + "01" + "000000"
            + "00000000" + "875ec2a820000006040000000000000002000000000000000600000000000000";

    private final JournalTail tail = new JournalTail();
    private final JournalRecord record = new JournalRecord();

    @AfterEach
    void close() {
        tail.close();
    }

    private ByteBuffer held(long sequence, long queueId) {
        record.begin(JournalRecordType.HELD, queueId).put((byte) 1);
        return record.end(sequence, 2);
    }

    private ByteBuffer removed(long sequence, long queueId) {
        record.begin(JournalRecordType.REMOVED, queueId);
        return record.end(sequence, 2);
    }

    private ByteBuffer take() {
        ByteBuf taken = tail.take(GENERATION);
        byte[] bytes = new byte[taken.readableBytes()];
        taken.readBytes(bytes).release();
        return ByteBuffer.wrap(bytes);
    }

    /** A piece with these records. */
    private ByteBuffer piece(long... sequences) {
        for (long sequence : sequences) {
            tail.add(held(sequence, sequence), sequence);
        }
        return take();
    }

    /** The sequences that come of it. */
    private static List<Long> sequences(@Nullable ByteBuffer joined) {
        List<Long> found = new ArrayList<>();
        JournalRecord reading = JournalRecord.forReading();
        for (int at = 4; joined != null && at < joined.limit(); ) {
            int length = reading.validLengthAt(joined, at, joined.limit() - at);
            assertTrue(length > 0, "no record at " + at);
            found.add(JournalRecord.sequence(joined, at));
            at = (at + length + 3 & ~3) + 4;
        }
        return found;
    }

    @Test
    void writesTheBytesThatItAlwaysWrote() {
        tail.add(held(3, 5), 3);
        tail.add(removed(4, 6), 4);
        assertEquals(GOLDEN, HexFormat.of().formatHex(take().array()));
        assertTrue(tail.isEmpty());
    }

    @Test
    void goesOnWhereTheFileEnds() {
        ByteBuffer piece = piece(3, 4, 5);
        assertFalse(JournalTail.goesOn(piece, GENERATION, 1), "there is a gap before");
        assertTrue(JournalTail.goesOn(piece, GENERATION, 2));
        assertTrue(JournalTail.goesOn(piece, GENERATION, 4));
        assertFalse(JournalTail.goesOn(piece, GENERATION, 5), "nothing of it is new");
        assertFalse(JournalTail.goesOn(piece, GENERATION + 1, 2));
        assertEquals(5, JournalTail.lastSequence(piece));
    }

    @Test
    void joinsWhatFollowsWithoutAGap() {
        List<ByteBuffer> pieces = List.of(piece(1, 2, 3), piece(4), piece(6, 7));
        assertEquals(List.of(3L, 4L), sequences(JournalTail.join(pieces, 2)));
        assertEquals(List.of(6L, 7L), sequences(JournalTail.join(pieces, 5)));
        assertNull(JournalTail.join(pieces, 7));
        assertNull(JournalTail.join(List.of(), 0));
    }

    @Test
    void endsAtARecordThatIsTorn() {
        ByteBuffer piece = piece(1, 2, 3);
        byte[] torn = piece.array().clone();
        torn[torn.length - 5] ^= 1;
        assertEquals(List.of(1L, 2L), sequences(JournalTail.join(List.of(ByteBuffer.wrap(torn), piece(4)), 0)));
        for (int length = 0; length < torn.length; length++) {
            int whole = length;
            List<Long> found = sequences(JournalTail.join(List.of(ByteBuffer.wrap(torn, 0, whole)), 0));
            assertEquals(List.of(1L, 2L).subList(0, found.size()), found);
        }
    }

    @Test
    void isNotWholeWhenThereIsTooMuchOfIt() {
        int count = 0;
        while (tail.isWhole()) {
            count++;
            tail.add(held(count, 5), count);
        }
        assertTrue(tail.lengthBytes() <= JournalTail.BYTES_MAX);
        assertTrue(count > JournalTail.BYTES_MAX / 48);
        tail.clear();
        assertTrue(tail.isWhole() && tail.isEmpty());
        tail.leaveOut();
        tail.add(held(1, 5), 1);
        assertFalse(tail.isWhole());
    }
}

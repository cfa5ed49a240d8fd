// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk's thread is played by the test: it comes when it is called. */
class JournalReserveIT {
    private static final int RESERVE_BYTES = 2 << 20;
    private static final int RECORD_BYTES = 300_000;

    @TempDir
    private Path spool;

    private final ArrayDeque<DiskTasks.Task> tasks = new ArrayDeque<>();
    private final Zeros zeros = new Zeros();
    private boolean hasBallast;
    private JournalFile file;
    private JournalReserve reserve;

    /** Counts what is written; the disk may be full. */
    private static final class Zeros implements DiskSync {
        private long bytes;
        private boolean isFull;

        @Override
        public void force(FileChannel channel) throws IOException {
            channel.force(false);
        }

        @Override
        public int reserve(FileChannel channel, ByteBuffer from, long at) throws IOException {
            if (isFull) {
                throw new IOException("No space left on device");
            }
            int written = DiskSync.super.reserve(channel, from, at);
            bytes += written;
            return written;
        }
    }

    @BeforeEach
    void open() {
        file = JournalFile.create(spool, 1, RESERVE_BYTES, zeros);
        reserve = new JournalReserve(tasks::add, this::giveUpBallast, file);
        zeros.bytes = 0;
    }

    @AfterEach
    void close() {
        file.close();
    }

    private boolean giveUpBallast() {
        boolean had = hasBallast;
        hasBallast = false;
        zeros.isFull &= !had;
        return had;
    }

    private void append() {
        file.record().begin(JournalRecordType.ENVELOPE_PART, 7).put(new byte[RECORD_BYTES]);
        assertTrue(reserve.makeRoom(file.pendingBytes()));
        file.append(0);
    }

    private void useUp() {
        while (file.hasRoom(RECORD_BYTES + 1000)) {
            append();
        }
    }

    private void runTask() throws IOException {
        tasks.remove().run().run();
    }

    @Test
    void leavesTheFillingToTheDisksThread() throws IOException {
        append();
        reserve.order();
        reserve.order();
        assertEquals(1, tasks.size());
        assertEquals(0, zeros.bytes);
        assertTrue(reserve.isUnderWay());
        runTask();
        assertTrue(file.isReserveWhole());
        assertFalse(reserve.isUnderWay());
        reserve.order();
        assertEquals(0, tasks.size());
    }

    @Test
    void fillsItselfWhatTheDisksThreadHasNotComeToAndNeverTwice() throws IOException {
        append();
        reserve.order();
        useUp();
        assertEquals(0, zeros.bytes);
        append();
        long filled = zeros.bytes;
        assertTrue(filled > 0);
        // It comes late, to where records are by now.
        runTask();
        assertEquals(filled, zeros.bytes);
        reserve.order();
        assertEquals(file.isReserveWhole() ? 0 : 1, tasks.size());
    }

    @Test
    void takesBackAnOrderOnlyWhenItIsAskedAgain() {
        append();
        useUp();
        reserve.seek(RECORD_BYTES + 1000);
        assertEquals(0, zeros.bytes);
        reserve.seek(RECORD_BYTES + 1000);
        assertTrue(zeros.bytes > 0);
        assertTrue(file.hasRoom(RECORD_BYTES + 1000));
    }

    @Test
    void isFullUntilThereIsRoomAgain() throws IOException {
        zeros.isFull = true;
        append();
        reserve.order();
        assertFalse(reserve.isFull());
        runTask();
        assertTrue(reserve.isFull());
        hasBallast = true;
        reserve.order();
        runTask();
        assertFalse(reserve.isFull());
        assertFalse(hasBallast);
        assertTrue(file.isReserveWhole());
    }

    @Test
    void refusesARecordThatNothingIsLeftFor() {
        zeros.isFull = true;
        useUp();
        assertFalse(reserve.makeRoom(RECORD_BYTES + 1000));
        hasBallast = true;
        assertTrue(reserve.makeRoom(RECORD_BYTES + 1000));
    }

    @Test
    void forgetsAnOrderForAGenerationThatIsOver() throws IOException {
        append();
        reserve.order();
        JournalFile next = JournalFile.create(spool, 2, RESERVE_BYTES, zeros);
        try {
            reserve.follow(next);
            file.close();
            zeros.bytes = 0;
            runTask();
            assertEquals(0, zeros.bytes);
            assertFalse(reserve.isFull());
            assertTrue(next.isReserveWhole());
        } finally {
            file.close();
            file = next;
        }
    }
}

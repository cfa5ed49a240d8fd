// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.RecipientState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was acknowledged with the sync of a segment alone is there after a power cut that leaves the journal's file as it
 * was when it was synced last.
 */
class TailIT {
    private static final int SEGMENT_BYTES = 4 << 20;

    @TempDir
    private Path directory;

    private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
    private final Disk disk = new Disk();

    /** Remembers what of the journal's file is on stable storage. */
    private static final class Disk implements DiskSync {
        private byte @Nullable [] journal;
        private int journalSyncs;
        private boolean segmentsFail;

        @Override
        public void force(FileChannel file) throws IOException {
            if (file.size() == SEGMENT_BYTES && isSegment(file)) {
                if (segmentsFail) {
                    throw new IOException("no sync");
                }
            } else {
                journal = content(file);
                journalSyncs++;
            }
            REAL.force(file);
        }

        private static boolean isSegment(FileChannel file) throws IOException {
            ByteBuffer magic = ByteBuffer.allocate(4);
            file.read(magic, 0);
            return new String(magic.array(), StandardCharsets.ISO_8859_1).equals("STFX");
        }

        private static byte[] content(FileChannel file) throws IOException {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining() && file.read(all, all.position()) > 0) {
                continue;
            }
            return all.array();
        }
    }

    private SpoolDriver open() {
        return SpoolDriver.open(new StorageSettings(directory, SEGMENT_BYTES, 256L << 20, 2 << 20, 1 << 20, 0), disk)
                .at(nowNs::get);
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** The youngest generation is as it was synced last. */
    private void cutPower() throws IOException {
        List<Path> journals = files(".cq4");
        byte[] synced = disk.journal;
        assertTrue(synced != null);
        Path youngest = journals.get(journals.size() - 1);
        byte[] whole = new byte[(int) Files.size(youngest)];
        System.arraycopy(synced, 0, whole, 0, Math.min(synced.length, whole.length));
        Files.write(youngest, whole);
    }

    /** The first with both syncs, the others with one. */
    private void acceptAlone(SpoolDriver spool, long from, long to) {
        for (long id = from; id <= to; id++) {
            int before = spool.durableCount() + spool.failedCount();
            spool.accept(id, 300);
            spool.pollUntilAnswered(before + 1);
        }
    }

    private static Set<Long> ids(long... ids) {
        return Set.copyOf(LongStream.of(ids).boxed().toList());
    }

    @Test
    void findsWhatOnlyTheSegmentsTell() throws IOException {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 3);
            int synced = disk.journalSyncs;
            spool.remove(2);
            spool.defer(3, 77, "later");
            acceptAlone(spool, 4, 5);
            spool.acceptLarge(6, 3, 100_000);
            spool.pollUntilAnswered(6);
            assertEquals(synced, disk.journalSyncs, "the journal was synced for a message");
        }
        cutPower();
        assertEquals(List.of(), files(".records"));
        try (SpoolDriver spool = open()) {
            assertEquals(ids(1, 3, 4, 5, 6), spool.liveIds());
            assertEquals(RecipientState.Kind.DEFERRED, spool.live(3).states()[0].kind());
            assertEquals(List.of(), spool.quarantined());
            spool.verifyAll();
        }
    }

    @Test
    void showsThemOfAStoppedSpoolAndChangesNothing() throws IOException {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 3);
        }
        cutPower();
        List<Path> before = files("");
        SpoolDriver seen = new SpoolDriver();
        StoppedSpool.read(directory, seen).close();
        assertEquals(ids(1, 2, 3), seen.liveIds());
        assertEquals(before, files(""));
    }

    @Test
    void keepsThemUntilTheyAreCheckpointed() throws IOException {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 4);
        }
        cutPower();
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 5, 7);
        }
        cutPower();
        // What the first start found there does not count any more.
        for (Path segment : files(".seg").subList(0, 1)) {
            damageCopies(segment);
        }
        try (SpoolDriver spool = open()) {
            assertEquals(ids(1, 2, 3, 4, 5, 6, 7), spool.liveIds());
            assertEquals(List.of(), spool.quarantined());
            spool.at(System::nanoTime).tidyAll();
            assertEquals(List.of(), files(".records"));
        }
        try (SpoolDriver spool = open()) {
            assertEquals(ids(1, 2, 3, 4, 5, 6, 7), spool.liveIds());
            spool.verifyAll();
        }
    }

    /** Extents of no message. */
    private static void damageCopies(Path segment) throws IOException {
        byte[] all = Files.readAllBytes(segment);
        ByteBuffer in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int damaged = 0;
        for (int at = 0; at + 48 <= all.length; at += 8) {
            if (in.getInt(at) == 0x58465453 && in.getLong(at + 8) == 0) {
                Arrays.fill(all, at + 48, at + 80, (byte) 0xff);
                damaged++;
            }
        }
        assertTrue(damaged > 0, "no copies in " + segment);
        Files.write(segment, all);
    }

    @Test
    void syncsTheJournalInTime() {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 2);
            int synced = disk.journalSyncs;
            acceptAlone(spool, 3, 4);
            assertEquals(synced, disk.journalSyncs);
            nowNs.addAndGet(TailCopies.JOURNAL_SYNC_NS);
            acceptAlone(spool, 5, 5);
            assertEquals(synced + 1, disk.journalSyncs);
            acceptAlone(spool, 6, 6);
            assertEquals(synced + 1, disk.journalSyncs);
            // Without mail it is the timer of outcomes.
            spool.poll();
            assertTrue(spool.spool().deadlineNs() <= nowNs.get() + GroupCommit.OUTCOME_SYNC_NS);
            nowNs.addAndGet(GroupCommit.OUTCOME_SYNC_NS);
            spool.settle();
            assertEquals(synced + 2, disk.journalSyncs);
        }
    }

    /** Or a start would have to read too much. */
    @Test
    void syncsTheJournalWhenTheBatchHasTooMuchOfIt() {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 2);
            int synced = disk.journalSyncs;
            for (int i = 0; i < 3000; i++) {
                spool.spool()
                        .attempted(
                                1,
                                0,
                                new RecipientState(
                                        RecipientState.Kind.DEFERRED, 1, 1, 0, "450 " + "x".repeat(200), null));
            }
            acceptAlone(spool, 3, 3);
            assertEquals(synced + 1, disk.journalSyncs);
        }
    }

    @Test
    void standsByWhatWasAcknowledgedBeforeASyncFailed() throws IOException {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 3);
            disk.segmentsFail = true;
            acceptAlone(spool, 4, 4);
            assertEquals(1, spool.failedCount());
            disk.segmentsFail = false;
            // The next generation comes, and with it room.
            spool.at(System::nanoTime).settle();
            acceptAlone(spool, 5, 6);
        }
        try (SpoolDriver spool = open()) {
            assertEquals(ids(1, 2, 3, 5, 6), spool.liveIds());
            spool.verifyAll();
        }
    }

    @Test
    void doesNotUseASegmentAgainThatTellsOfTheQueueAlone() throws IOException {
        try (SpoolDriver spool = open()) {
            acceptAlone(spool, 1, 2);
            // Fills several segments; all of it is gone again before the journal is synced.
            for (long id = 3; id <= 14; id++) {
                int before = spool.durableCount();
                spool.accept(id, 1 << 20);
                spool.pollUntilAnswered(before + 1);
                spool.remove(id);
            }
            acceptAlone(spool, 15, 15);
        }
        cutPower();
        try (SpoolDriver spool = open()) {
            assertEquals(ids(1, 2, 15), spool.liveIds());
            assertEquals(List.of(), spool.quarantined());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.format.DiskSync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes as long as it likes to keep a name or a new file: the agent, which the test plays, goes on. */
@Timeout(300)
class SlowDiskIT {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int GENERATION_BYTES = 512 << 10;
    private static final int MESSAGES = 5000;
    private static final long WAIT_NS_MAX = 120_000_000_000L;

    @TempDir
    private Path directory;

    private final Disk disk = new Disk();

    /** Stands still, but for commits, from {@link #stop} until {@link #goOn}. */
    private static final class Disk implements DiskSync {
        private final Set<String> threads = ConcurrentHashMap.newKeySet();
        private volatile CountDownLatch stopped = new CountDownLatch(0);
        private volatile boolean failsNext;
        private volatile boolean stopsFills;
        private volatile boolean wasFull;

        /** As long as this is there, the disk is full. */
        private volatile @Nullable Path isFullBeside;

        void stop() {
            threads.clear();
            stopped = new CountDownLatch(1);
        }

        /** Nothing but the filling of the journal's reserve stands still. */
        void stopFills() {
            stopsFills = true;
            stop();
        }

        void goOn() {
            stopped.countDown();
        }

        private void await(boolean isFill) throws IOException {
            if (isFill != stopsFills) {
                return;
            }
            threads.add(Thread.currentThread().getName());
            try {
                // As long as a test may take, at most.
                stopped.await(WAIT_NS_MAX, TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }

        @Override
        public void force(FileChannel file) throws IOException {
            if (failsNext) {
                failsNext = false;
                throw new IOException("the disk did not take it");
            }
            file.force(false);
        }

        @Override
        public void whole(FileChannel file) throws IOException {
            await(false);
            DiskSync.super.whole(file);
        }

        @Override
        public int reserve(FileChannel file, ByteBuffer zeros, long at) throws IOException {
            await(true);
            Path inTheWay = isFullBeside;
            if (inTheWay != null && Files.exists(inTheWay)) {
                wasFull = true;
                throw new IOException("No space left on device");
            }
            return DiskSync.super.reserve(file, zeros, at);
        }

        @Override
        public void directory(Path path) throws IOException {
            await(false);
            DiskSync.super.directory(path);
        }
    }

    private SpoolDriver open(int segmentBytes, long generationBytes) {
        return SpoolDriver.open(
                new StorageSettings(directory, segmentBytes, generationBytes, 2 << 20, 1 << 20, 0), disk);
    }

    private static void pollUntil(SpoolDriver spool, BooleanSupplier condition) {
        long deadline = System.nanoTime() + WAIT_NS_MAX;
        while (!condition.getAsBoolean()) {
            if (spool.poll() == 0) {
                Thread.onSpinWait();
            }
            assertTrue(System.nanoTime() - deadline < 0, "it never came to that");
        }
    }

    private void assertOnlyThoseThatMayWait() {
        assertTrue(Set.of("disk", "reserve").containsAll(disk.threads), disk.threads::toString);
    }

    private List<Long> generations() {
        return Stream.of(1L, 2L, 3L)
                .filter(id -> Files.exists(directory.resolve(String.format("gen-%016x", id))))
                .toList();
    }

    @Test
    void acceptsAndRemovesMailWhileTheNextGenerationIsMade() throws Exception {
        Set<Long> expected = new TreeSet<>();
        try (SpoolDriver spool = open(4 << 20, GENERATION_BYTES)) {
            spool.tidyAll();
            disk.stop();
            for (long id = 1; id <= MESSAGES; id++) {
                assertTrue(spool.accept(id, 50));
                if (id % 100 == 0) {
                    spool.settle();
                    spool.spool().tidy(spool, 100);
                }
                if (id % 2 == 0 && id > 200) {
                    spool.remove(id - 200);
                }
            }
            pollUntil(spool, () -> disk.threads.contains("disk"));
            spool.settle();
            assertEquals(MESSAGES, spool.durableCount());
            assertOnlyThoseThatMayWait();
            disk.goOn();
            pollUntil(
                    spool,
                    () -> spool.spool().tidy(spool, 100) == 0 && generations().equals(List.of(2L)));
            spool.settle();
            expected.addAll(spool.liveIds());
            spool.verifyAll();
        }
        try (SpoolDriver spool = open(4 << 20, GENERATION_BYTES)) {
            assertEquals(expected, new TreeSet<>(spool.liveIds()));
        }
    }

    /** So many KB of records, and the batch that puts them on stable storage. */
    private static void journal(SpoolDriver spool, int kilobytes) {
        String reply = "450 " + "x".repeat(1000);
        for (int i = 0; i < kilobytes; i++) {
            assertTrue(spool.spool().canRecordOutcomes());
            spool.defer(1, i, reply);
        }
        spool.accept(1 + spool.liveCount(), 50);
        spool.settle();
    }

    @Test
    void journalsWhileTheReserveIsBeingFilled() {
        try (SpoolDriver spool = open(4 << 20, 256L << 20)) {
            assertTrue(spool.accept(1, 50));
            spool.settle();
            disk.stopFills();
            journal(spool, 400);
            pollUntil(spool, () -> !disk.threads.isEmpty());
            journal(spool, 400);
            assertEquals(3, spool.durableCount());
            assertEquals(Set.of("disk"), disk.threads);
            disk.goOn();
            spool.settle();
            spool.verifyAll();
        }
    }

    @Test
    void keepsMailWaitingWhenTheReserveIsUsedUpBeforeItIsFilled() {
        try (SpoolDriver spool = open(4 << 20, 256L << 20)) {
            assertTrue(spool.accept(1, 50));
            spool.settle();
            disk.stopFills();
            journal(spool, 400);
            pollUntil(spool, () -> !disk.threads.isEmpty());
            int last = 2;
            while (!spool.spool().isWaitingForRoom()) {
                spool.defer(1, 0, "450 " + "x".repeat(1000));
                spool.acceptLater(++last, 50);
            }
            assertTrue(spool.spool().canRecordOutcomes(), "a MB is left for them");
            int waiting = last;
            pollUntil(spool, () -> spool.durableCount() == waiting - 1);
            assertTrue(spool.spool().isWaitingForRoom());
            assertEquals(Set.of("disk"), disk.threads);
            disk.goOn();
            spool.settle();
            assertEquals(waiting, spool.durableCount());
            spool.verifyAll();
        }
    }

    @Test
    void givesUpTheBallastBesideTheAgent() {
        Path ballast = directory.resolve("ballast");
        try (SpoolDriver spool = open(4 << 20, 256L << 20)) {
            assertTrue(spool.accept(1, 50));
            spool.settle();
            disk.stopFills();
            disk.goOn();
            disk.isFullBeside = ballast;
            // More than the reserve: whenever it is filled, the disk is full until the ballast is gone.
            for (int i = 0; i < 10; i++) {
                journal(spool, 300);
                pollUntil(
                        spool,
                        () -> spool.spool().canRecordOutcomes()
                                && !spool.spool().isTidying());
            }
            assertEquals(11, spool.durableCount());
            assertTrue(disk.wasFull);
            assertEquals(Set.of("disk"), disk.threads);
        }
    }

    @Test
    void recordsOutcomesWhileMailWaitsForTheNextSegment() {
        try (SpoolDriver spool = open(SEGMENT_BYTES, 256L << 20)) {
            assertTrue(spool.accept(1, 100));
            spool.settle();
            disk.stop();
            // What is ready is used up, and what comes then waits.
            long id = 1;
            do {
                while (!spool.spool().isWaitingForRoom()) {
                    spool.acceptLater(++id, 300_000);
                }
                pollUntil(spool, () -> !spool.spool().isWaitingForRoom() || disk.threads.contains("reserve"));
                // A segment that was made before the disk stopped may still come.
                pollUntil(spool, () -> spool.poll() == 0);
            } while (!spool.spool().isWaitingForRoom());
            spool.acceptLater(++id, 300_000);
            spool.acceptLater(++id, 100);
            long waiting = id;
            spool.remove(1);
            pollUntil(spool, () -> spool.durableCount() == waiting - 3);
            assertNull(spool.live(1));
            assertTrue(spool.spool().isWaitingForRoom(), "there was no segment to write to");
            assertEquals(Set.of("reserve"), disk.threads);
            disk.goOn();
            spool.settle();
            assertEquals(waiting, spool.durableCount());
            assertEquals(waiting - 1, spool.liveCount());
            spool.verifyAll();
        }
    }

    @Test
    void keepsWhatIsToBeJournaledUntilThereIsAGenerationAfterAFailedSync() {
        try (SpoolDriver spool = open(4 << 20, 256L << 20)) {
            for (long id = 1; id <= 3; id++) {
                spool.accept(id, 100);
            }
            spool.settle();
            disk.stop();
            disk.failsNext = true;
            spool.accept(4, 100);
            pollUntil(spool, () -> spool.failedCount() == 1);
            pollUntil(spool, () -> disk.threads.contains("disk"));
            // Of what was in flight; nothing else may be begun.
            spool.remove(2);
            spool.spool().held(3, true);
            spool.onHeld(3, true);
            assertFalse(spool.spool().canRecordOutcomes());
            assertFalse(spool.accept(5, 100), "mail has no journal");
            assertOnlyThoseThatMayWait();
            disk.goOn();
            spool.settle();
            assertTrue(spool.spool().canRecordOutcomes());
            assertTrue(spool.accept(6, 100));
            spool.tidyAll();
        }
        try (SpoolDriver spool = open(4 << 20, 256L << 20)) {
            assertEquals(Set.of(1L, 3L, 6L), spool.liveIds());
            assertTrue(spool.live(3).held());
            spool.verifyAll();
        }
    }

    @Test
    void refusesWhatWaitsForASegmentWhenASyncFails() {
        try (SpoolDriver spool = open(SEGMENT_BYTES, 256L << 20)) {
            disk.stop();
            long id = 0;
            while (!spool.spool().isWaitingForRoom()) {
                spool.acceptLater(++id, 300_000);
            }
            long accepted = id;
            disk.failsNext = true;
            pollUntil(spool, () -> spool.failedCount() == accepted);
            disk.goOn();
            spool.settle();
            assertEquals(0, spool.durableCount());
            assertTrue(spool.accept(100, 300_000));
            spool.settle();
        }
        try (SpoolDriver spool = open(SEGMENT_BYTES, 256L << 20)) {
            assertEquals(Set.of(100L), spool.liveIds());
            spool.verifyAll();
        }
    }
}

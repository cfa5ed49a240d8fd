// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments in which little is alive are emptied into others. */
class CompactionIT {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int MESSAGE_BYTES = 100_000;

    /** Of which ten fit in a segment. */
    private static final int MESSAGES = 60;

    @TempDir
    Path directory;

    @Test
    void emptiesASegmentThatBecomesSparseAfterALaterOneDid() {
        StorageSettings settings = new StorageSettings(directory, SEGMENT_BYTES, 256L << 20, 2 << 20, 1 << 20, 0);
        try (SpoolDriver spool = SpoolDriver.open(settings)) {
            for (long id = 1; id <= MESSAGES; id++) {
                accept(spool, id);
            }
            emptyBut(spool, 5);
            assertTrue(segmentOfLast(spool, 5) > 5, "the later one is not compacted");
            emptyBut(spool, 2);
            // A new segment is when all are looked at again.
            for (long id = MESSAGES + 1; id <= MESSAGES + 15; id++) {
                accept(spool, id);
            }
            spool.tidyAll();
            assertTrue(segmentOfLast(spool, 2) > 5, "the earlier one is not compacted");
            spool.verifyAll();
        }
    }

    /** Then it is compaction that makes room: no segment is empty by itself. */
    @Test
    void emptiesSparseSegmentsWhileTheDiskIsShort() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        Path mount = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", mount.toString()) == 0,
                "skipped: no file system can be mounted here");
        try {
            StorageSettings settings = new StorageSettings(mount, 4 << 20, 256L << 20, 2 << 20, 1 << 20, 4 << 20);
            try (SpoolDriver spool = SpoolDriver.open(settings)) {
                fill(spool);
                int segments = spool.spool().segmentCount();
                for (long id : new TreeSet<>(spool.liveIds())) {
                    if (id % 30 != 0) {
                        spool.remove(id);
                    }
                }
                spool.settle();
                assertEquals(segments, spool.spool().segmentCount(), "a segment is empty without compaction");
                assertTrue(spool.spool().isShortOfSpace());
                spool.tidyAll();
                assertTrue(
                        spool.spool().segmentCount() < segments / 2,
                        "segments: " + spool.spool().segmentCount());
                for (int i = 0; i < 12_000 && spool.spool().isShortOfSpace(); i++) {
                    spool.poll();
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                assertFalse(spool.spool().isShortOfSpace());
                spool.verifyAll();
            }
        } finally {
            run("umount", "-l", mount.toString());
        }
    }

    /** As far as mail is taken. */
    private static void fill(SpoolDriver spool) {
        for (long id = 1; !spool.spool().isShortOfSpace(); id++) {
            accept(spool, id);
            // Else the last segment may be full before it is known that there is no other to copy to.
            while (!spool.knowsItsRoom()) {
                spool.poll();
            }
        }
        assertTrue(
                spool.spool().segmentCount() > 4, "segments: " + spool.spool().segmentCount());
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void accept(SpoolDriver spool, long id) {
        assertTrue(spool.accept(id, MESSAGE_BYTES), "message " + id + " found no room");
        spool.settle();
    }

    private static long last(int segment) {
        return segment * 10L;
    }

    /** Removes what is in the segment of that id, but for one message. */
    private static void emptyBut(SpoolDriver spool, int segment) {
        assertEquals(segment, segmentOfLast(spool, segment));
        for (long id = last(segment) - 9; id < last(segment); id++) {
            spool.remove(id);
        }
        spool.settle();
        spool.tidyAll();
    }

    private static int segmentOfLast(SpoolDriver spool, int segment) {
        return Objects.requireNonNull(spool.live(last(segment))).body().segment(0);
    }
}

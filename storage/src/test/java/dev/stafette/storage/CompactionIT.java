// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Objects;
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

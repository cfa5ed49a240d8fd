// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.Segment;
import dev.stafette.storage.body.SegmentFiles;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.journal.JournalTail;
import dev.stafette.storage.journal.TailSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds journal records in the segments that {@link TailCopies} wrote them to.
 * Thread: start-up only.
 */
final class TailSearch implements TailSource {
    private final Path spool;

    TailSearch(Path spool) {
        this.spool = spool;
    }

    @Override
    public List<ByteBuffer> find(long generation, long behindSequence, int segment, int offset) {
        List<ByteBuffer> pieces = new ArrayList<>();
        long last = behindSequence;
        try (SegmentFiles files = new SegmentFiles(spool)) {
            for (int id : files.idsFrom(segment)) {
                Segment one = files.find(id);
                if (one == null) {
                    continue;
                }
                try (SegmentScan scan = new SegmentScan(one, id == segment ? offset : 0)) {
                    last = collect(scan, generation, last, pieces);
                }
            }
        }
        return pieces;
    }

    /** Stops where nothing was written: what was told to be durable has been written one behind the other. */
    private static long collect(SegmentScan scan, long generation, long behindSequence, List<ByteBuffer> pieces) {
        long last = behindSequence;
        while (!scan.isAtEnd()) {
            for (SegmentScan.Extent extent : scan.find()) {
                ByteBuffer front =
                        extent.queueId() == QueueId.NONE ? scan.front(extent, JournalTail.FRONT_BYTES) : null;
                if (front != null && JournalTail.goesOn(front, generation, last)) {
                    pieces.add(scan.content(extent));
                    last = JournalTail.lastSequence(front);
                }
            }
        }
        return last;
    }
}

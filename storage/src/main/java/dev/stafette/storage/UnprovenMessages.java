// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.journal.Replay;
import java.util.ArrayList;
import java.util.List;

/**
 * What the end of the last generation accepts without proof that it was durable.
 * Thread: start-up only.
 */
final class UnprovenMessages {
    private UnprovenMessages() {}

    /**
     * Without a whole body it was never acknowledged. Returns the ids of those: the next generation must name them, or they
     * would come back with the next start.
     */
    static List<Long> settle(Replay replay, SegmentStore segments, RecoveryListener listener) {
        BodyReader reader = new BodyReader(segments::find);
        List<Long> dropped = new ArrayList<>();
        for (Replay.Unproven last : replay.unproven()) {
            BodyRef body = listener.bodyOf(last.queueId());
            if (body != null && !reader.isWhole(last.queueId(), body)) {
                replay.withdraw(last);
                dropped.add(last.queueId());
                continue;
            }
            if (body != null) {
                // It counts from now on, though it may be in the page cache alone.
                segments.sync(body);
            }
            replay.settle(last);
        }
        return dropped;
    }
}

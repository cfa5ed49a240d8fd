// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;

/**
 * Whether the disk has room for new mail, as it was when somebody last looked.
 * Thread: any.
 */
final class RoomForMail {
    private static final long CHECK_NS = 250_000_000;

    private final JournalSpace journal;
    private final SegmentStore segments;

    /** Written and read by any: when somebody last asked for it to be looked at. */
    private volatile long checkedNs = System.nanoTime();

    RoomForMail(JournalSpace journal, SegmentStore segments) {
        this.journal = journal;
        this.segments = segments;
    }

    /** It is looked at now and then for whoever asks. */
    boolean isShort() {
        long now = System.nanoTime();
        if (now - checkedNs > CHECK_NS) {
            checkedNs = now;
            segments.requestCheck();
        }
        return journal.isFull() || segments.isShort();
    }
}

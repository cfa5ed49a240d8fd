// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.journal.Journal;

/**
 * Sees to it that there is room for what is journaled: reserved ahead, and with the ballast when the disk is full.
 * Thread: queue agent; {@link #isFull} is for any.
 */
final class JournalSpace {
    private static final long RETRY_NS = 250_000_000;

    private final Journal journal;
    private final SegmentStore segments;
    private final Ballast ballast;
    private final DiskTasks disk;

    // Owned by the queue agent.
    private long triedNs;

    /** Written by the queue agent, read by any. */
    private volatile boolean full;

    JournalSpace(Journal journal, SegmentStore segments, Ballast ballast, DiskTasks disk) {
        this.journal = journal;
        this.segments = segments;
        this.ballast = ballast;
        this.disk = disk;
    }

    /** Mail is to be refused: what is left is for outcomes. */
    boolean isFull() {
        return full;
    }

    /** Has room made ahead, on the disk's thread. */
    void reserve() {
        journal.reserve();
        look();
    }

    /** The room may be another than it was. */
    void look() {
        full = journal.isFull() || !journal.hasRoom() && !journal.isReserving();
        if (!full && !segments.isShort()) {
            ballast.restore(disk);
        }
    }

    /** There is none for a record of any size now, and it is not known yet whether there will be. */
    boolean isMakingRoom() {
        return !full && !journal.hasRoom();
    }

    /** Nothing may be under way that would try again: somebody else may have made room. */
    void poll(long nowNs) {
        if (full && nowNs - triedNs > RETRY_NS) {
            triedNs = nowNs;
            reserve();
        }
    }

    /** When {@link #poll} has something to do; Long.MAX_VALUE when it has not. */
    long deadlineNs() {
        return full ? triedNs + RETRY_NS : Long.MAX_VALUE;
    }

    /** Whether a record of any size can be journaled. */
    boolean hasRoom() {
        if (!journal.hasRoom()) {
            journal.seekRoom();
            look();
        }
        return !full && journal.hasRoom();
    }

    boolean hasRoomForOutcomes() {
        if (!journal.hasRoomForOutcomes()) {
            journal.seekRoom();
            look();
        }
        return journal.hasRoomForOutcomes();
    }
}

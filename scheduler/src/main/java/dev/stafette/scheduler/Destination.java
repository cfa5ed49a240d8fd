// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A transport and a next hop, with the recipients that are ready for it and its concurrency window.
 * Thread: queue agent.
 */
final class Destination {
    final int id;
    final TransportLane lane;
    final String nextHop;
    final String key;
    final ConcurrencyWindow window;

    /** The list of its ready recipients. */
    final int todo;

    // Owned by the queue agent.
    private int readyCount;
    private int openCount;
    private @Nullable String siteReason;
    private int suspendedReason = Reasons.EMPTY;
    private @Nullable BlockedBy blockedBy;
    private long wakeNs;

    /** In its lane's ring, at most once. */
    boolean inRing;

    /** Among those whose ready recipients are being deferred, at most once. */
    boolean inSuspension;

    /** Dead, and nothing waits for it: kept for the mark alone. */
    boolean restsUnused;

    Destination(int id, TransportLane lane, String nextHop, String key, int todo) {
        this.id = id;
        this.lane = lane;
        this.nextHop = nextHop;
        this.key = key;
        this.todo = todo;
        this.window = new ConcurrencyWindow(lane.settings());
    }

    boolean canGo() {
        return readyCount > 0 && blockedBy == null && window.hasRoom();
    }

    int readyCount() {
        return readyCount;
    }

    void addReady(int count) {
        readyCount += count;
    }

    /** Recipients that refer to it and are not done. */
    int openCount() {
        return openCount;
    }

    void addOpen(int count) {
        openCount += count;
    }

    void die(String reason, int reasonId, long untilNs) {
        siteReason = reason;
        suspendedReason = reasonId;
        blockedBy = null;
        wakeNs = untilNs;
    }

    void revive() {
        siteReason = null;
        suspendedReason = Reasons.EMPTY;
    }

    /** Why it is dead. */
    String siteReason() {
        return siteReason == null ? "" : siteReason;
    }

    /** The id of the reason that its recipients get while it is dead. */
    int suspendedReason() {
        return suspendedReason;
    }

    void block(@Nullable BlockedBy by) {
        blockedBy = by;
    }

    @Nullable
    BlockedBy blockedBy() {
        if (siteReason != null) {
            return new BlockedBy(Scheduler.SUSPENDED + siteReason, wakeNs);
        }
        if (blockedBy != null || window.hasRoom()) {
            return blockedBy;
        }
        return new BlockedBy("concurrency window of " + window.window(), BlockedBy.UNTIL_EVENT);
    }
}

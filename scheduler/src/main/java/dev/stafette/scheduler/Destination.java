// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A transport and a next hop, with the jobs that are ready for it and its concurrency window.
 * Thread: queue agent.
 */
final class Destination {
    final int id;
    final TransportLane lane;
    final String nextHop;
    final String key;
    final ConcurrencyWindow window;

    /** The list of its jobs. */
    final int order;

    // Owned by the queue agent.
    private int readyCount;
    private int asideCount;
    private int openCount;
    private @Nullable String siteReason;
    private int suspendedReason = Reasons.EMPTY;
    private @Nullable BlockedBy blockedBy;
    private long wakeNs;

    /** When the delay between two attempts is over; 0: there is none now. */
    private long pausedUntilNs;

    /** Its jobs that may overtake; made for the first of them. */
    @Nullable
    Candidates candidates;

    /** Jobs that may be overtaken. */
    int largeCount;

    /** The last of its jobs that has been entered among the candidates, with all ahead of it. */
    int offeredTo = SlotLists.NONE;

    /** Of the last attempt; null while nobody has said, or nobody asks. */
    @Nullable
    Site site;

    /** An attempt is under way that finds the site out. */
    boolean learnsSite;

    /** In line for a place at its site. */
    boolean waitsForSite;

    /** A place at its site is kept for its next turn. */
    boolean hasSiteTurn;

    /** In its lane's ring, at most once. */
    boolean inRing;

    /** Among those whose ready recipients are being deferred, at most once. */
    boolean inSuspension;

    /** Dead, and nothing waits for it: kept for the mark alone. */
    boolean restsUnused;

    Destination(int id, TransportLane lane, String nextHop, String key, int order) {
        this.id = id;
        this.lane = lane;
        this.nextHop = nextHop;
        this.key = key;
        this.order = order;
        this.window = new ConcurrencyWindow(lane.settings());
    }

    /** Of the one recipient that it is for, as the key has it in front of the next hop; empty for all of them. */
    String mailbox() {
        int more = key.length() - nextHop.length();
        return more == 0 ? "" : key.substring(0, more - 1);
    }

    boolean canGo() {
        return hasTurn() && blockedBy == null && window.hasRoom();
    }

    /** Takes a place in the window. */
    void acquire() {
        int before = window.busy();
        window.acquire();
        lane.addBusy(window.busy() - before);
    }

    int readyCount() {
        return readyCount;
    }

    /** A job of it is not set aside. */
    boolean hasTurn() {
        return readyCount > asideCount;
    }

    void addReady(int count, boolean aside) {
        readyCount += count;
        asideCount += aside ? count : 0;
    }

    /** So many of the ready ones wait for something of their own. */
    void setAside(int count) {
        asideCount += count;
    }

    /** Recipients that refer to it and are not done. */
    int openCount() {
        return openCount;
    }

    void addOpen(int count) {
        openCount += count;
    }

    /** No attempt before that time. */
    void pause(long untilNs) {
        pausedUntilNs = untilNs;
        blockedBy = new BlockedBy("destination_rate_delay", untilNs);
    }

    long pausedUntilNs() {
        return pausedUntilNs;
    }

    boolean isPaused() {
        return pausedUntilNs != 0;
    }

    void endPause() {
        pausedUntilNs = 0;
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
        if (blockedBy == null && window.hasRoom() && lane.isResting()) {
            return new BlockedBy("transport_rate_delay", lane.restsUntilNs());
        }
        if (blockedBy == null && window.hasRoom() && lane.isFull()) {
            return new BlockedBy("process limit of " + lane.settings().processLimit(), BlockedBy.UNTIL_EVENT);
        }
        if (blockedBy != null || window.hasRoom()) {
            return blockedBy;
        }
        return new BlockedBy("concurrency window of " + window.window(), BlockedBy.UNTIL_EVENT);
    }
}

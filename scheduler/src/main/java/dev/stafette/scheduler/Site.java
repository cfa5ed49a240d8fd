// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The hosts that some destinations of one transport share, with the attempts that are under way there and the destinations
 * that wait for room.
 * Thread: queue agent.
 */
final class Site {
    /** Of a destination whose hosts nobody knows yet. */
    static final Site UNKNOWN = new Site("");

    final String name;
    final Deque<Destination> waiting = new ArrayDeque<>();

    // Owned by the queue agent.
    int inFlightCount;

    /** Destinations that may take a place when their turn comes. */
    int turnCount;

    /** Destinations whose site it is. */
    int destinationCount;

    private BlockedBy full = new BlockedBy("", BlockedBy.UNTIL_EVENT);
    private int fullAt;

    Site(String name) {
        this.name = name;
    }

    boolean hasRoom(int limit) {
        return limit == 0 || inFlightCount + turnCount < limit;
    }

    BlockedBy full(int limit) {
        if (fullAt != limit) {
            fullAt = limit;
            full = new BlockedBy("site concurrency limit of " + limit + " for " + name, BlockedBy.UNTIL_EVENT);
        }
        return full;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The destinations by their ids: kept while recipients refer to them, entries are in flight or they are dead.
 * Thread: queue agent.
 */
final class Destinations {
    /** Dead destinations that nothing waits for, kept for their marks; as Postfix's qmgr_message_recipient_limit. */
    static final int DEAD_UNUSED_MAX = 20_000;

    private static final int LINK_BYTES = 2 * Integer.BYTES;

    private final Jobs jobs;
    private final Reasons reasons;

    /** Gives the ids, and has the links of those that wait for a time. */
    private final Slab slab = new Slab(LINK_BYTES);

    private final SlotLists wakeLists = new SlotLists(slab, 0);
    private final TimerBuckets wakes;
    private final SiteLimits sites = new SiteLimits(this);
    private final ArrayDeque<Destination> suspended = new ArrayDeque<>();
    private final Map<String, TransportLane> byTransport = new HashMap<>();
    private final List<TransportLane> lanes = new ArrayList<>();

    /** Made since the last poll, and perhaps never used. */
    private final IntArrayList fresh = new IntArrayList();

    // Owned by the queue agent.
    private SchedulerSettings settings;
    private @Nullable Destination[] byId = new Destination[16];
    private int count;
    private int deadUnusedCount;

    Destinations(SchedulerSettings settings, Jobs jobs, Reasons reasons, long nowNs) {
        this.settings = settings;
        this.jobs = jobs;
        this.reasons = reasons;
        this.wakes = new TimerBuckets(wakeLists, TimerBuckets.TICK_SHIFT, nowNs);
    }

    void reload(SchedulerSettings newSettings) {
        settings = newSettings;
        for (TransportLane lane : lanes) {
            lane.reload(newSettings.forTransport(lane.transport()));
        }
        sites.reload();
    }

    /** The destinations that are dead or blocked until a time. */
    TimerBuckets wakes() {
        return wakes;
    }

    /** Time goes on, for those that are dead or blocked, and for transports that rest. */
    void advance(long nowNs) {
        wakes.advance(nowNs);
        for (TransportLane lane : lanes) {
            lane.advance(nowNs);
        }
    }

    /** When the next one wakes, or the next transport has rested. */
    long nextDeadlineNs() {
        long nextNs = wakes.nextDeadlineNs();
        for (TransportLane lane : lanes) {
            nextNs = Math.min(nextNs, lane.restsUntilNs());
        }
        return nextNs;
    }

    /** The limits that hold over several destinations. */
    SiteLimits sites() {
        return sites;
    }

    List<TransportLane> lanes() {
        return lanes;
    }

    int intern(String transport, String nextHop, String mailbox) {
        TransportLane lane = byTransport.get(transport);
        if (lane == null) {
            lane = new TransportLane(transport, settings.forTransport(transport));
            byTransport.put(transport, lane);
            lanes.add(lane);
        }
        String key = nextHop.toLowerCase(Locale.ROOT);
        if (!mailbox.isEmpty()) {
            key = mailbox + '@' + key;
        }
        Destination found = lane.find(key);
        return found != null ? found.id : create(lane, nextHop, key);
    }

    private int create(TransportLane lane, String nextHop, String key) {
        int id = slab.allocate();
        if (id == Slab.NONE) {
            return Slab.NONE;
        }
        wakeLists.init(id);
        if (id >= byId.length) {
            byId = Arrays.copyOf(byId, id * 2);
        }
        Destination destination = new Destination(id, lane, nextHop, key, jobs.createOrder());
        byId[id] = destination;
        lane.add(destination);
        fresh.addInt(id);
        count++;
        return id;
    }

    Destination get(int id) {
        Destination destination = find(id);
        if (destination == null) {
            throw new IllegalArgumentException("no destination " + id);
        }
        return destination;
    }

    @Nullable
    Destination find(int id) {
        return id >= 0 && id < byId.length ? byId[id] : null;
    }

    /** Lets go those that were asked for and then not used. */
    void dropFresh() {
        for (int i = 0; i < fresh.size(); i++) {
            Destination destination = find(fresh.getInt(i));
            if (destination != null) {
                settle(destination);
            }
        }
        fresh.clear();
    }

    /** Something is ready or has room now: the destination takes its turns, or the rest of a dead one is suspended. */
    void offer(Destination destination) {
        if (!destination.window.isDead()) {
            destination.lane.offer(destination);
        } else if (!destination.inSuspension && destination.hasTurn()) {
            destination.inSuspension = true;
            suspended.add(destination);
        }
    }

    /** The dead destination whose ready recipients are to be deferred next; null when there is none. */
    @Nullable
    Destination peekSuspended() {
        Destination destination = suspended.peek();
        while (destination != null && !(destination.window.isDead() && destination.hasTurn())) {
            suspended.remove();
            destination.inSuspension = false;
            destination = suspended.peek();
        }
        return destination;
    }

    /** It is dead no longer. */
    void endSuspension(Destination destination) {
        reasons.release(destination.suspendedReason());
        destination.revive();
    }

    void rest(Destination destination, long untilNs) {
        stopWaiting(destination);
        wakes.add(destination.id, untilNs);
    }

    void stopWaiting(Destination destination) {
        if (wakes.contains(destination.id)) {
            wakes.remove(destination.id);
        }
    }

    /** A recipient begins to refer to it. */
    void addOpen(Destination destination) {
        if (destination.restsUnused) {
            destination.restsUnused = false;
            deadUnusedCount--;
        }
        destination.addOpen(1);
    }

    /** To be called when something has left the destination: forgets what need not be known any longer. */
    void settle(Destination destination) {
        // A paused one is remembered until the pause is over, so that what comes meanwhile waits, too.
        if (destination.readyCount() > 0 || destination.window.busy() > 0 || destination.isPaused()) {
            return;
        }
        if (destination.openCount() > 0) {
            destination.window.forget();
        } else if (!destination.window.isDead()) {
            drop(destination);
        } else if (!destination.restsUnused) {
            restUnused(destination);
        }
    }

    private void restUnused(Destination destination) {
        if (deadUnusedCount == DEAD_UNUSED_MAX) {
            drop(destination);
        } else {
            destination.restsUnused = true;
            deadUnusedCount++;
        }
    }

    private void drop(Destination destination) {
        stopWaiting(destination);
        endSuspension(destination);
        sites.leave(destination);
        if (destination.restsUnused) {
            destination.restsUnused = false;
            deadUnusedCount--;
        }
        byId[destination.id] = null;
        destination.lane.drop(destination);
        jobs.dispose(destination);
        slab.free(destination.id);
        count--;
    }

    int count() {
        return count;
    }

    /** A destination can go, or the rest of a dead one is to be suspended, or some wait no longer. */
    boolean hasWork() {
        if (wakes.firstDue() != SlotLists.NONE
                || jobs.wakes().firstDue() != SlotLists.NONE
                || peekSuspended() != null) {
            return true;
        }
        for (TransportLane lane : lanes) {
            if (!lane.isIdle()) {
                return true;
            }
        }
        return false;
    }

    /** Every id is below. */
    int idEnd() {
        return slab.slotEnd();
    }

    long sizeBytes() {
        return slab.sizeBytes();
    }
}

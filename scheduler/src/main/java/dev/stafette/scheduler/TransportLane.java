// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of one transport, and those of them that can go, which take turns.
 * Thread: queue agent.
 *
 * <p>As long as all processes of the transport are busy, as its settings limit them, or it rests between two attempts, nobody
 * has a turn, and the order stays.
 * Only a destination that is alone in it may have attempts that wait in the transport, as they keep no place from others.
 */
final class TransportLane {
    private final String transport;
    private final Map<String, Destination> byKey = new HashMap<>();
    private final Map<String, Site> sites = new HashMap<>();
    private final ArrayDeque<Destination> ring = new ArrayDeque<>();

    // Owned by the queue agent.
    private TransportSettings settings;
    private int busyCount;
    /** No attempt before; {@link Long#MAX_VALUE}: it does not rest. */
    private long restsUntilNs = Long.MAX_VALUE;

    TransportLane(String transport, TransportSettings settings) {
        this.transport = transport;
        this.settings = settings;
    }

    void reload(TransportSettings newSettings) {
        settings = newSettings;
        for (Destination destination : byKey.values()) {
            destination.window.reload(newSettings);
        }
        if (newSettings.transportDelayNs() == 0) {
            restsUntilNs = Long.MAX_VALUE;
        }
    }

    String transport() {
        return transport;
    }

    TransportSettings settings() {
        return settings;
    }

    /** Recipients of one entry at most. */
    int recipientLimit() {
        return settings.recipientLimit() == 0 ? Integer.MAX_VALUE : settings.recipientLimit();
    }

    /** Those that a destination has or an attempt is under way to, by name. */
    Map<String, Site> sites() {
        return sites;
    }

    @Nullable
    Destination find(String key) {
        return byKey.get(key);
    }

    void add(Destination destination) {
        byKey.put(destination.key, destination);
    }

    void drop(Destination destination) {
        byKey.remove(destination.key);
    }

    /** Behind the others, if it can go. */
    void offer(Destination destination) {
        if (!destination.inRing && destination.canGo()) {
            destination.inRing = true;
            ring.add(destination);
        }
    }

    /** So many attempts more are under way, beside those that wait in the transport. */
    void addBusy(int count) {
        busyCount += count;
        assert busyCount >= 0;
    }

    /** An attempt begins. */
    void onAttempt(long nowNs) {
        if (settings.transportDelayNs() > 0) {
            restsUntilNs = nowNs + settings.transportDelayNs();
        }
    }

    /** Ends a rest that has been long enough. */
    void advance(long nowNs) {
        if (restsUntilNs <= nowNs) {
            restsUntilNs = Long.MAX_VALUE;
        }
    }

    /** {@link Long#MAX_VALUE} where it does not rest. */
    long restsUntilNs() {
        return restsUntilNs;
    }

    boolean isResting() {
        return restsUntilNs != Long.MAX_VALUE;
    }

    /** Nothing can begin before something has ended. */
    boolean isFull() {
        return settings.processLimit() > 0 && busyCount >= settings.processLimit();
    }

    /** The next one in turn, which may be unable to go by now; null when there is none. */
    @Nullable
    Destination poll() {
        Destination destination = isIdle() ? null : ring.poll();
        if (destination != null) {
            destination.inRing = false;
        }
        return destination;
    }

    /** Nobody has a turn. */
    boolean isIdle() {
        if (isResting()) {
            return true;
        }
        if (!isFull()) {
            return ring.isEmpty();
        }
        Destination first = ring.peek();
        return first == null || ring.size() > 1 || first.window.busy() < first.window.window();
    }
}

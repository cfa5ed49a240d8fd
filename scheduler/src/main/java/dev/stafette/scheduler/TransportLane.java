// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of one transport, and those of them that can go, which take turns.
 * Thread: queue agent.
 */
final class TransportLane {
    private final String transport;
    private final Map<String, Destination> byKey = new HashMap<>();
    private final Map<String, Site> sites = new HashMap<>();
    private final ArrayDeque<Destination> ring = new ArrayDeque<>();

    // Owned by the queue agent.
    private TransportSettings settings;

    TransportLane(String transport, TransportSettings settings) {
        this.transport = transport;
        this.settings = settings;
    }

    void reload(TransportSettings newSettings) {
        settings = newSettings;
        for (Destination destination : byKey.values()) {
            destination.window.reload(newSettings);
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

    /** The next one in turn, which may be unable to go by now; null when there is none. */
    @Nullable
    Destination poll() {
        Destination destination = ring.poll();
        if (destination != null) {
            destination.inRing = false;
        }
        return destination;
    }

    boolean isIdle() {
        return ring.isEmpty();
    }
}

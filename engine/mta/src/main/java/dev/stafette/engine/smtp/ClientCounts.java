// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How many sessions each client has, and how often it did what is limited, over all loops; each service has its own.
 * Thread: any. The map's own atomicity is all that is needed: a count is read in the very call that changes it.
 */
final class ClientCounts {
    private final ConcurrentHashMap<ClientNetwork, Integer> counts = new ConcurrentHashMap<>();
    private final ClientRates rates = new ClientRates();
    private final ClientPeaks peaks = new ClientPeaks();

    /** Counts a session; returns how many its client has now. */
    int enter(ClientNetwork client) {
        return counts.merge(client, 1, Integer::sum);
    }

    void leave(ClientNetwork client) {
        counts.computeIfPresent(client, (network, count) -> count == 1 ? null : count - 1);
    }

    ClientPeaks peaks() {
        return peaks;
    }

    ClientRates rates() {
        return rates;
    }

    /** Clients that have sessions. */
    int size() {
        return counts.size();
    }
}

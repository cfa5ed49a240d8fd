// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Servers that offer PIPELINING and then object to the next envelope behind a message, though RFC 2920 §3.1 allows it.
 * Thread: event loop.
 */
final class StrictPeers {
    /** The oldest is forgotten first, and found out again by one more transaction that is sent twice. */
    private static final int PEERS_MAX = 1024;

    // Owned by the loop; in the order they were found.
    private final Set<SocketAddress> addresses = new LinkedHashSet<>();

    void add(SocketAddress address) {
        if (addresses.size() == PEERS_MAX) {
            addresses.remove(addresses.iterator().next());
        }
        addresses.add(address);
    }

    boolean contains(SocketAddress address) {
        return !addresses.isEmpty() && addresses.contains(address);
    }
}

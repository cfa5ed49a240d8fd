// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many sessions each client has, over all loops of the process.
 * Thread: any. The map's own atomicity is all that is needed: a count is read in the very call that changes it.
 */
final class ClientCounts {
    /** smtpd_client_ipv6_prefix_length: whoever has a network of his own has 2^44 addresses of it. */
    private static final int IPV6_PREFIX_BITS = 84;

    private record Network(long high, long low) {
        static Network of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            if (!(address instanceof Inet6Address)) {
                return new Network(0, bytes.getInt());
            }
            return new Network(bytes.getLong(), bytes.getLong() & -1L << 128 - IPV6_PREFIX_BITS);
        }
    }

    private final ConcurrentHashMap<Network, Integer> counts = new ConcurrentHashMap<>();

    /** Counts a session; returns how many its client has now. */
    int enter(InetAddress address) {
        return counts.merge(Network.of(address), 1, Integer::sum);
    }

    void leave(InetAddress address) {
        counts.computeIfPresent(Network.of(address), (network, count) -> count == 1 ? null : count - 1);
    }

    int size() {
        return counts.size();
    }
}

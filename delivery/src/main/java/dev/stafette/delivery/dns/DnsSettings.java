// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask, and how patiently.
 * Thread: any (a value).
 *
 * @param servers asked in this order ({@code dns_servers}); empty: those of /etc/resolv.conf
 * @param queryTimeout of one query to one server ({@code dns_timeout})
 * @param cacheEntriesMax answers kept a loop ({@code dns_cache_limit})
 */
public record DnsSettings(List<InetSocketAddress> servers, Duration queryTimeout, int cacheEntriesMax) {
    public DnsSettings {
        servers = List.copyOf(servers);
        if (queryTimeout.isNegative() || queryTimeout.isZero()) {
            throw new IllegalArgumentException("query timeout: " + queryTimeout + " (expected: more than 0)");
        }
        if (cacheEntriesMax < 1) {
            throw new IllegalArgumentException("cache entries: " + cacheEntriesMax + " (expected: at least 1)");
        }
    }

    /** What main.cf has when it says nothing. */
    public static DnsSettings defaults() {
        return new DnsSettings(List.of(), Duration.ofSeconds(5), 10_000);
    }
}

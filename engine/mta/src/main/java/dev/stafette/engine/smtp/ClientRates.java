// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often each client did what is limited, over all loops of the process. As in Postfix, a client's time unit begins
 * with its first event, and all its counts begin again when that is over.
 * Thread: any. The map's own atomicity is all that is needed: a count is read in the very call that changes it.
 */
final class ClientRates {
    /** So many new clients later, or a time unit later, those are forgotten whose time unit is over. */
    private static final int PURGE_EVERY = 1024;

    /** Counts since {@code startNs}; immutable, since it is replaced within the map. */
    private record Usage(long startNs, int connections, int messages, int recipients, int logins, int newTls) {
        Usage plus(ClientEvent event) {
            return switch (event) {
                case CONNECTION -> new Usage(startNs, connections + 1, messages, recipients, logins, newTls);
                case MESSAGE -> new Usage(startNs, connections, messages + 1, recipients, logins, newTls);
                case RECIPIENT -> new Usage(startNs, connections, messages, recipients + 1, logins, newTls);
                case AUTH -> new Usage(startNs, connections, messages, recipients, logins + 1, newTls);
                case NEW_TLS -> new Usage(startNs, connections, messages, recipients, logins, newTls + 1);
            };
        }

        int count(ClientEvent event) {
            return switch (event) {
                case CONNECTION -> connections;
                case MESSAGE -> messages;
                case RECIPIENT -> recipients;
                case AUTH -> logins;
                case NEW_TLS -> newTls;
            };
        }
    }

    private final ConcurrentHashMap<ClientNetwork, Usage> usages = new ConcurrentHashMap<>();
    private final AtomicInteger newcomers = new AtomicInteger();
    private final AtomicLong purgedNs = new AtomicLong(Long.MIN_VALUE);

    /** Counts the event; returns how many there were of its kind in this time unit. */
    int count(ClientEvent event, ClientNetwork client, long nowNs, long unitNs) {
        Usage usage = usages.compute(client, (network, before) -> {
            if (before == null) {
                newcomers.incrementAndGet();
            }
            Usage current =
                    before == null || nowNs - before.startNs > unitNs ? new Usage(nowNs, 0, 0, 0, 0, 0) : before;
            return current.plus(event);
        });
        if (newcomers.get() >= PURGE_EVERY || isTimeToPurge(nowNs, unitNs)) {
            newcomers.set(0);
            usages.values().removeIf(other -> nowNs - other.startNs > unitNs);
        }
        return usage.count(event);
    }

    /** One of those who ask at the same time is told so. */
    private boolean isTimeToPurge(long nowNs, long unitNs) {
        long before = purgedNs.get();
        return (before == Long.MIN_VALUE || nowNs - before > unitNs) && purgedNs.compareAndSet(before, nowNs);
    }

    /** How many there were of its kind in this time unit, without another one. */
    int seen(ClientEvent event, ClientNetwork client, long nowNs, long unitNs) {
        Usage usage = usages.get(client);
        return usage == null || nowNs - usage.startNs > unitNs ? 0 : usage.count(event);
    }

    /** Clients that are remembered. */
    int size() {
        return usages.size();
    }
}

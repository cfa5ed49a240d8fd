// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that wait for another message, by the next hop they served last and by address: domains that share a
 * server share its connections. Those to a site whose connections are limited are also found by that: another host of it
 * is as good, and no room for one more.
 * Thread: event loop.
 *
 * <p>The one used last is taken first, so that surplus ones time out.
 */
final class IdleSessions {
    // Owned by the loop. Empty queues stay until the next purge, since they fill again at once.
    private final Map<String, ArrayDeque<SmtpSession>> byNextHop = new HashMap<>();
    private final Map<SocketAddress, ArrayDeque<SmtpSession>> byAddress = new HashMap<>();

    private final Map<String, ArrayDeque<SmtpSession>> bySite = new HashMap<>();

    void add(SmtpSession session) {
        byNextHop.computeIfAbsent(session.nextHop, key -> new ArrayDeque<>(4)).add(session);
        byAddress
                .computeIfAbsent(session.peer().address(), key -> new ArrayDeque<>(4))
                .add(session);
        if (session.isLimited) {
            bySite.computeIfAbsent(session.site, key -> new ArrayDeque<>(4)).add(session);
        }
    }

    /** One that was made by another policy stays for others. */
    @Nullable
    SmtpSession take(String nextHop, AttemptTls tls) {
        ArrayDeque<SmtpSession> queue = byNextHop.get(nextHop);
        SmtpSession session = queue == null ? null : queue.peekLast();
        return session == null || !tls.suitsNextHop(session) ? null : take(queue);
    }

    @Nullable
    SmtpSession take(SocketAddress address, AttemptTls tls) {
        ArrayDeque<SmtpSession> queue = byAddress.get(address);
        SmtpSession session = queue == null ? null : queue.peekLast();
        return session == null || !tls.suits(session) ? null : take(queue);
    }

    @Nullable
    SmtpSession takeOfSite(String site) {
        return take(bySite.get(site));
    }

    private @Nullable SmtpSession take(@Nullable ArrayDeque<SmtpSession> queue) {
        SmtpSession session = queue == null ? null : queue.peekLast();
        if (session != null) {
            remove(session);
        }
        return session;
    }

    /** Without effect on a session that is not idle. */
    void remove(SmtpSession session) {
        ArrayDeque<SmtpSession> siblings = byNextHop.get(session.nextHop);
        if (siblings != null && siblings.removeLastOccurrence(session)) {
            ArrayDeque<SmtpSession> neighbours = byAddress.get(session.peer().address());
            if (neighbours != null) {
                neighbours.removeLastOccurrence(session);
            }
            ArrayDeque<SmtpSession> relatives = bySite.get(session.site);
            if (relatives != null) {
                relatives.removeLastOccurrence(session);
            }
        }
    }

    void purge() {
        byNextHop.values().removeIf(ArrayDeque::isEmpty);
        byAddress.values().removeIf(ArrayDeque::isEmpty);
        bySite.values().removeIf(ArrayDeque::isEmpty);
    }
}

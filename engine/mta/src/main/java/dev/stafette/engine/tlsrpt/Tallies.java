// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.delivery.tls.TlsEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counts of all domains, day by day (UTC).
 * Thread: that of the counting.
 */
final class Tallies {
    static final long DAY_MS = 86_400_000;

    private final int domainsMax;
    private final TreeMap<Long, Map<String, DomainTally>> days = new TreeMap<>();

    private boolean isChanged;
    private boolean isFullTold;

    /** {@code domainsMax}: of one day. */
    Tallies(int domainsMax) {
        this.domainsMax = domainsMax;
    }

    static long dayOf(long nowMs) {
        return Math.floorDiv(nowMs, DAY_MS);
    }

    /** Returns false when it is not counted for want of room, the first time on its day. */
    boolean add(TlsEvent event, long nowMs) {
        long day = dayOf(nowMs);
        if (!days.containsKey(day)) {
            isFullTold = false;
        }
        DomainTally tally = of(day, event.policy().domain());
        if (tally != null) {
            tally.add(event);
            isChanged = true;
            return true;
        }
        boolean isFirst = !isFullTold;
        isFullTold = true;
        return !isFirst;
    }

    /** Null: there is no room for another domain. */
    @Nullable
    DomainTally of(long day, String domain) {
        Map<String, DomainTally> domains = days.computeIfAbsent(day, unused -> new LinkedHashMap<>());
        if (domains.size() >= domainsMax && !domains.containsKey(domain)) {
            return null;
        }
        return domains.computeIfAbsent(domain, unused -> new DomainTally());
    }

    void remove(long day, String domain) {
        Map<String, DomainTally> domains = days.get(day);
        if (domains != null && domains.remove(domain) != null) {
            isChanged = true;
            if (domains.isEmpty()) {
                days.remove(day);
            }
        }
    }

    /** Those that are over. */
    Map<Long, Map<String, DomainTally>> before(long day) {
        return days.headMap(day);
    }

    Map<Long, Map<String, DomainTally>> all() {
        return days;
    }

    /** Since it was asked last. */
    boolean takeChanged() {
        boolean was = isChanged;
        isChanged = false;
        return was;
    }
}

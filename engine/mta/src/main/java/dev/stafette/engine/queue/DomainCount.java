// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Counts what is queued by domain and age: messages by that of their sender, or recipients that still wait by theirs.
 * Thread: queue agent.
 */
final class DomainCount {
    private final Scheduler scheduler;
    private final QueueDomains domains;
    private final boolean senders;
    private final long[] ageLimitsNs;
    private final long nowNs;
    private final Int2ObjectHashMap<long[]> countsById = new Int2ObjectHashMap<>();

    DomainCount(Scheduler scheduler, QueueDomains domains, boolean senders, long[] ageLimitsNs, long nowNs) {
        this.scheduler = scheduler;
        this.domains = domains;
        this.senders = senders;
        this.ageLimitsNs = ageLimitsNs;
        this.nowNs = nowNs;
    }

    void add(int slot) {
        int bucket = bucket(nowNs - scheduler.view().arrivalNs(slot));
        if (senders) {
            count(domains.ofSender(slot), bucket);
            return;
        }
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            if (scheduler.view().status(r) != RecipientStatus.DONE) {
                count(domains.ofRecipient(r), bucket);
            }
        }
    }

    private int bucket(long ageNs) {
        int bucket = 0;
        while (bucket < ageLimitsNs.length && ageNs >= ageLimitsNs[bucket]) {
            bucket++;
        }
        return bucket;
    }

    private void count(int domain, int bucket) {
        long[] counts = countsById.get(domain);
        if (counts == null) {
            counts = new long[ageLimitsNs.length + 1];
            countsById.put(domain, counts);
        }
        counts[bucket]++;
    }

    /** By name, as the numbers of domains do not last. */
    Map<String, long[]> counts() {
        Map<String, long[]> counts = new HashMap<>();
        countsById.forEach((id, row) -> counts.put(domains.name(id), row));
        return counts;
    }
}

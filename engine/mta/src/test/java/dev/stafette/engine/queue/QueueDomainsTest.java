// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueueDomainsTest {
    private static final long HOUR_NS = 3_600_000_000_000L;

    private final Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULTS, 1, 0);
    private final QueueDomains domains = new QueueDomains();
    private long lastId;

    private int add(long arrivalNs, String sender, String... recipients) {
        int slot = scheduler.addMessage(++lastId, arrivalNs, sender.isEmpty(), 0, 0);
        domains.onMessage(slot, sender.isEmpty() ? MailAddress.NULL : MailAddress.of("me", sender));
        for (int i = 0; i < recipients.length; i++) {
            int recipient = scheduler.addReady(slot, i, scheduler.destination("smtp", "relay.test"));
            domains.onRecipient(recipient, MailAddress.of("user", recipients[i]));
        }
        return slot;
    }

    private void remove(int slot) {
        domains.onRemoved(scheduler, slot);
        scheduler.commands().remove(slot);
    }

    @Test
    void countsByDomainAndAge() {
        add(0, "a.test", "B.test", "c.test");
        add(HOUR_NS, "", "b.test");
        DomainCount recipients =
                new DomainCount(scheduler, domains, false, new long[] {HOUR_NS}, HOUR_NS + HOUR_NS / 2);
        scheduler.view().walkMessages(0, 100, recipients::add);
        Map<String, long[]> counts = recipients.counts();
        assertEquals("[1, 1]", java.util.Arrays.toString(counts.get("b.test")));
        assertEquals("[0, 1]", java.util.Arrays.toString(counts.get("c.test")));
        DomainCount senders = new DomainCount(scheduler, domains, true, new long[0], HOUR_NS);
        scheduler.view().walkMessages(0, 100, senders::add);
        assertEquals(1, senders.counts().get("")[0]);
        assertEquals(1, senders.counts().get("a.test")[0]);
    }

    @Test
    void forgetsDomainsThatNobodyHas() {
        ArrayDeque<Integer> slots = new ArrayDeque<>();
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            slots.add(add(0, "s" + random.nextInt(1000) + ".test", "r" + i + ".test", "common.test"));
            if (slots.size() > 100) {
                remove(slots.remove());
            }
        }
        assertEquals(true, domains.size() <= 201, () -> "names kept: " + domains.size());
        slots.forEach(this::remove);
        assertEquals(0, domains.size());
        assertEquals(QueueDomains.NONE, domains.find("common.test"));
        add(0, "again.test", "common.test");
        assertEquals("common.test", domains.name(domains.find("common.test")));
    }
}

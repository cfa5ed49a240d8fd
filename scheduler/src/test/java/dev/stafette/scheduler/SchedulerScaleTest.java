// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not grow with the queue, counted in steps and bytes, not in time. */
class SchedulerScaleTest {
    private static final long SECOND = 1_000_000_000L;

    private final Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULTS, 1, 0);
    private final SinkRecord sink = new SinkRecord();
    private long nowNs;
    private long nextQueueId = 1;

    private void send(String site) {
        int message = scheduler.addMessage(nextQueueId++, nowNs, false, 0, 0);
        scheduler.addReady(message, 0, scheduler.destination("smtp", site));
    }

    private void deliver(Entry entry) {
        scheduler.settleDone(entry, 0);
        scheduler.finish(entry, null, nowNs);
        scheduler.commands().remove(entry.message());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 100_000})
    void pollsInStepsThatDoNotGrowWithTheDestinations(int destinations) {
        for (int i = 0; i < Math.max(destinations, 200); i++) {
            send("site" + i % destinations);
        }
        long before = scheduler.stepCount();
        for (int i = 0; i < 100; i++) {
            scheduler.poll(nowNs, sink, 1);
            sink.takeEntries().forEach(this::deliver);
        }
        // A turn each, and a look at the one lane for the poll that finds nothing.
        assertTrue(scheduler.stepCount() - before <= 200, () -> "steps: " + (scheduler.stepCount() - before));
    }

    @Test
    void pollsNothingAtNoCostWhenAllIsBusy() {
        for (int i = 0; i < 100_000; i++) {
            send("site" + i % 1000);
        }
        for (int i = 0; i < 10; i++) {
            scheduler.poll(nowNs, sink, 1000);
        }
        assertEquals(5000, sink.takeEntries().size());
        long before = scheduler.stepCount();
        for (int i = 0; i < 100; i++) {
            assertEquals(0, scheduler.poll(nowNs, sink, 1000));
        }
        assertEquals(100, scheduler.stepCount() - before);
    }

    @Test
    void keepsAQueuedMessageInNinetySixBytes() {
        int count = 1 << 18;
        for (int i = 0; i < count; i++) {
            int message = scheduler.addMessage(nextQueueId++, 0, false, i, i);
            int destination = scheduler.destination("smtp", "site" + i % 100);
            scheduler.addDeferred(message, 0, destination, 1, (300 + i % 4000) * SECOND, "reason " + i % 10);
        }
        double bytes = (double) scheduler.view().indexBytes() / count;
        assertTrue(bytes <= 96, () -> "bytes: " + bytes);
    }

    /** A job more than one that waits for a time, as long as it is ready. */
    @Test
    void keepsAReadyMessageInAHundredAndFiftySixBytes() {
        int count = 1 << 18;
        for (int i = 0; i < count; i++) {
            send("site" + i % 100);
        }
        double bytes = (double) scheduler.view().indexBytes() / count;
        assertTrue(bytes <= 156, () -> "bytes: " + bytes);
    }

    @Test
    void usesTheSlotsOfWhatIsGone() {
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 1000; i++) {
                send("site" + i);
            }
            scheduler.poll(nowNs, sink, 1000);
            sink.takeEntries().forEach(this::deliver);
        }
        long before = scheduler.view().indexBytes();
        for (int i = 0; i < 1000; i++) {
            send("site" + i);
        }
        assertEquals(before, scheduler.view().indexBytes());
    }

    /** A newsletter to one site and single messages to others: the others wait for one turn at most. */
    @Test
    void letsNoDestinationWaitForAnother() {
        for (int i = 0; i < 10_000; i++) {
            send("big");
        }
        for (int i = 0; i < 50; i++) {
            send("small" + i);
        }
        scheduler.poll(nowNs, sink, 51);
        Set<String> served = new HashSet<>();
        sink.takeEntries().forEach(entry -> served.add(scheduler.view().nextHopOf(entry.destination())));
        assertEquals(51, served.size());
    }

    @Test
    void servesDestinationsThatAlwaysHaveWorkEqually() {
        for (int i = 0; i < 5000; i++) {
            send("site" + i % 5);
        }
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            scheduler.poll(nowNs, sink, 3);
            for (Entry entry : sink.takeEntries()) {
                served.merge(scheduler.view().nextHopOf(entry.destination()), 1, Integer::sum);
                deliver(entry);
            }
        }
        assertEquals(Set.of(600), new HashSet<>(served.values()));
    }

    @Test
    void servesATransportThatAlwaysHasWorkNoMoreThanOthers() {
        for (int i = 0; i < 2000; i++) {
            send("site" + i % 100);
            int message = scheduler.addMessage(nextQueueId++, nowNs, false, 0, 0);
            scheduler.addReady(message, 0, scheduler.destination("relay", "one"));
        }
        int relayed = 0;
        for (int i = 0; i < 1000; i++) {
            scheduler.poll(nowNs, sink, 2);
            for (Entry entry : sink.takeEntries()) {
                relayed += scheduler.view().transportOf(entry.destination()).equals("relay") ? 1 : 0;
                deliver(entry);
            }
        }
        assertEquals(1000, relayed);
    }

    /** A million due at once: no poll does more than its limit. */
    @Test
    void boundsWhatComesDueAtOnce() {
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            int message = scheduler.addMessage(nextQueueId++, 0, false, 0, 0);
            scheduler.addDeferred(message, 0, scheduler.destination("smtp", "site"), 1, 300 * SECOND, "later");
        }
        nowNs = 301 * SECOND;
        scheduler.poll(nowNs, sink, 100);
        assertEquals(
                100,
                scheduler.view().count(RecipientStatus.READY) + scheduler.view().count(RecipientStatus.IN_FLIGHT));
        scheduler.commands().flush();
        scheduler.poll(nowNs, sink, 100);
        assertEquals(
                200,
                scheduler.view().count(RecipientStatus.READY) + scheduler.view().count(RecipientStatus.IN_FLIGHT));
    }

    @Test
    void walksOverEverythingThatStaysWhileTheRestChanges() {
        for (int i = 0; i < 1000; i++) {
            send("site" + i);
        }
        Map<Integer, Integer> seen = new HashMap<>();
        int cursor = 0;
        while (cursor != Scheduler.NONE) {
            cursor = scheduler.view().walkMessages(cursor, 7, message -> {
                seen.merge(message, 1, Integer::sum);
                if (message % 3 == 0) {
                    scheduler.commands().remove(message);
                }
            });
            send("new");
        }
        for (int message = 0; message < 1000; message++) {
            if (message % 3 != 0) {
                assertEquals(1, seen.get(message));
            }
        }
    }
}

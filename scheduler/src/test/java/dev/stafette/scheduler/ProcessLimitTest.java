// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A transport of three processes for all its destinations; another has no limit. */
class ProcessLimitTest {
    private final SinkRecord sink = new SinkRecord();
    private final Scheduler scheduler = new Scheduler(settings(3, 0), 1, 0);
    private long lastQueueId;

    private static SchedulerSettings settings(int limit, int lookAhead) {
        SchedulerSettings like = SchedulerSettings.DEFAULTS;
        return new SchedulerSettings(
                like.defaults(),
                Map.of("few", TransportSettings.DEFAULTS.withProcesses(limit).withLookAhead(lookAhead)),
                like.minimalBackoffNs(),
                like.maximalBackoffNs(),
                like.lifetimeNs(),
                like.bounceLifetimeNs(),
                0,
                true,
                like.recipientCountMax());
    }

    private int send(String transport, String hop) {
        int message = scheduler.addMessage(++lastQueueId, 0, false, 0, 0);
        return scheduler.addReady(message, 0, scheduler.destination(transport, hop));
    }

    private List<Entry> poll() {
        scheduler.poll(0, sink, 1000);
        return sink.takeEntries();
    }

    private List<String> hops(List<Entry> entries) {
        return entries.stream()
                .map(entry -> scheduler.view().nextHopOf(entry.destination()))
                .toList();
    }

    private void deliver(Entry entry) {
        scheduler.settleDone(entry, 0);
        scheduler.finish(entry, null, 0);
        scheduler.commands().remove(entry.message());
    }

    @Test
    void beginsNoMoreThanThereAreProcessesWhateverTheDestinations() {
        for (int i = 0; i < 10; i++) {
            send("few", "d" + i + ".test");
            send("many", "d" + i + ".test");
        }
        List<Entry> first = poll();
        assertEquals(13, first.size());
        assertEquals(List.of(), poll());
        assertFalse(scheduler.nextDeadlineNs() <= 0, "nothing to do before an attempt ends");
        Entry few = first.stream()
                .filter(entry ->
                        scheduler.view().transportOf(entry.destination()).equals("few"))
                .findFirst()
                .orElseThrow();
        deliver(few);
        assertTrue(scheduler.nextDeadlineNs() <= 0, "somebody may go");
        assertEquals(1, poll().size());
        assertEquals(List.of(), poll());
    }

    @Test
    void letsDestinationsTakeTurns() {
        for (int i = 0; i < 6; i++) {
            send("few", "large.test");
        }
        List<Entry> first = poll();
        assertEquals(List.of("large.test", "large.test", "large.test"), hops(first));
        send("few", "small.test");
        deliver(first.get(0));
        List<Entry> second = poll();
        deliver(first.get(1));
        List<Entry> third = poll();
        assertTrue(hops(second).contains("small.test") || hops(third).contains("small.test"), "within a turn");
    }

    @Test
    void saysWhatTheRestWaitFor() {
        for (int i = 0; i < 3; i++) {
            send("few", "a.test");
        }
        int waiting = send("few", "b.test");
        assertEquals(3, poll().size());
        assertEquals(
                new BlockedBy("process limit of 3", BlockedBy.UNTIL_EVENT),
                scheduler.view().blockedByOf(waiting));
    }

    @Test
    void countsWhatIsGivenBackAndWhatFails() {
        for (int i = 0; i < 9; i++) {
            send("few", "d" + i + ".test");
        }
        List<Entry> first = poll();
        scheduler.giveBack(first.get(0), 0);
        assertEquals(1, poll().size());
        scheduler.settleDeferred(first.get(1), 0, 0, "away");
        scheduler.finish(first.get(1), "away", 0);
        assertEquals(1, poll().size());
        assertEquals(List.of(), poll());
    }

    @Test
    void aLargerLimitLetsMoreBegin() {
        for (int i = 0; i < 9; i++) {
            send("few", "d" + i + ".test");
        }
        assertEquals(3, poll().size());
        scheduler.reload(settings(5, 0));
        assertEquals(2, poll().size());
        scheduler.reload(settings(0, 0));
        assertEquals(4, poll().size());
    }

    @Test
    void keepsAttemptsInHandForADestinationThatIsAlone() {
        scheduler.reload(settings(3, 1));
        for (int i = 0; i < 9; i++) {
            send("few", "alone.test");
        }
        List<Entry> first = poll();
        assertEquals(6, first.size());
        int other = send("few", "other.test");
        assertEquals(List.of(), poll());
        // Those in hand take the places of the first that end; then the other has its turn.
        boolean isServed = false;
        for (Entry entry : first) {
            deliver(entry);
            isServed |= hops(poll()).contains("other.test");
        }
        assertTrue(isServed, () -> "waits for " + scheduler.view().blockedByOf(other));
    }
}

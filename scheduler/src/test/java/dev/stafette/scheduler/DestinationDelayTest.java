// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A transport that waits a minute between two attempts to a destination; another does not. */
class DestinationDelayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    /** How much later a timer may be. */
    private static final long TICK = SECOND;

    private final SinkRecord sink = new SinkRecord();
    private final Scheduler scheduler = new Scheduler(settings(MINUTE), 1, 0);
    private long nowNs;
    private long lastQueueId;

    private static SchedulerSettings settings(long delayNs) {
        SchedulerSettings like = SchedulerSettings.DEFAULTS;
        return new SchedulerSettings(
                like.defaults(),
                Map.of("slow", TransportSettings.DEFAULTS.withDestinationDelay(delayNs)),
                like.minimalBackoffNs(),
                like.maximalBackoffNs(),
                like.lifetimeNs(),
                like.bounceLifetimeNs(),
                0,
                true,
                like.recipientCountMax());
    }

    private void send(String transport, String hop, int count) {
        for (int i = 0; i < count; i++) {
            int message = scheduler.addMessage(++lastQueueId, nowNs, false, 0, 0);
            scheduler.addReady(message, 0, scheduler.destination(transport, hop));
        }
    }

    private List<Entry> poll() {
        scheduler.poll(nowNs, sink, 1000);
        return sink.takeEntries();
    }

    private void deliver(Entry entry) {
        scheduler.settleDone(entry, 0);
        scheduler.finish(entry, null, nowNs);
        scheduler.commands().remove(entry.message());
    }

    @Test
    void makesOneAttemptAtATimeAndWaitsAfterEach() {
        send("slow", "a.test", 3);
        send("slow", "b.test", 1);
        send("fast", "a.test", 4);
        List<Entry> first = poll();
        assertEquals(6, first.size());
        first.forEach(this::deliver);
        for (int left = 2; left > 0; left--) {
            assertEquals(List.of(), poll());
            nowNs += MINUTE - 1;
            assertEquals(List.of(), poll());
            nowNs += 1 + TICK;
            List<Entry> next = poll();
            assertEquals(1, next.size());
            nowNs += 5 * SECOND;
            deliver(next.get(0));
        }
    }

    @Test
    void countsFromTheEndOfAnAttemptThatFailed() {
        send("slow", "a.test", 2);
        Entry entry = poll().get(0);
        nowNs += 10 * MINUTE;
        scheduler.settleDeferred(entry, 0, nowNs, "not now");
        scheduler.finish(entry, null, nowNs);
        assertEquals(List.of(), poll());
        nowNs += MINUTE + TICK;
        assertEquals(1, poll().size());
    }

    @Test
    void waitsForNothingAfterAnEntryThatWasGivenBack() {
        send("slow", "a.test", 1);
        scheduler.giveBack(poll().get(0), nowNs);
        assertEquals(1, poll().size());
    }

    @Test
    void remembersADestinationThatNothingWaitsForUntilItsTimeIsOver() {
        send("slow", "a.test", 1);
        deliver(poll().get(0));
        assertEquals(List.of(), poll());
        nowNs += MINUTE / 2;
        send("slow", "a.test", 1);
        assertEquals(List.of(), poll());
        assertTrue(scheduler.nextDeadlineNs() > nowNs);
        nowNs += MINUTE / 2 + TICK;
        deliver(poll().get(0));
        nowNs += MINUTE + TICK;
        assertEquals(List.of(), poll());
        assertEquals(0, scheduler.view().destinationCount());
    }

    @Test
    void isNotHurriedByAFlush() {
        send("slow", "a.test", 2);
        deliver(poll().get(0));
        scheduler.commands().flush();
        assertEquals(List.of(), poll());
        scheduler.commands().flushDestination(scheduler.destination("slow", "a.test"));
        assertEquals(List.of(), poll());
        nowNs += MINUTE + TICK;
        assertEquals(1, poll().size());
    }

    @Test
    void leavesADeadDestinationToItsRest() {
        send("slow", "a.test", 2);
        Entry entry = poll().get(0);
        scheduler.settleDeferred(entry, 0, nowNs, "down");
        scheduler.finish(entry, "down", nowNs);
        nowNs += MINUTE + TICK;
        assertEquals(List.of(), poll());
        nowNs += SchedulerSettings.DEFAULTS.minimalBackoffNs() + TICK;
        assertFalse(poll().isEmpty());
    }

    @Test
    void goesOnAtOnceWhenTheDelayIsTakenAway() {
        send("slow", "a.test", 3);
        deliver(poll().get(0));
        scheduler.reload(settings(0));
        scheduler.commands().flush();
        assertFalse(poll().isEmpty());
    }
}

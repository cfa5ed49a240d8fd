// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A transport that begins one attempt a minute, whatever the destination; another does not. */
class TransportDelayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final SinkRecord sink = new SinkRecord();
    private final Scheduler scheduler = new Scheduler(settings(MINUTE), 1, 0);
    private long nowNs;
    private long lastQueueId;

    private static SchedulerSettings settings(long delayNs) {
        SchedulerSettings like = SchedulerSettings.DEFAULTS;
        return new SchedulerSettings(
                like.defaults(),
                Map.of("slow", TransportSettings.DEFAULTS.withTransportDelay(delayNs)),
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

    @Test
    void beginsOneAttemptAtATimeWhileOthersMayStillGoOn() {
        send("slow", "a.test", 2);
        send("slow", "b.test", 2);
        send("fast", "a.test", 4);
        assertEquals(5, poll().size());
        List<Integer> destinations = new ArrayList<>();
        for (int left = 3; left > 0; left--) {
            assertEquals(MINUTE, scheduler.nextDeadlineNs() - nowNs);
            nowNs += MINUTE - 1;
            assertEquals(List.of(), poll());
            nowNs++;
            List<Entry> next = poll();
            assertEquals(1, next.size());
            destinations.add(next.get(0).destination());
        }
        assertEquals(List.of(destinations.get(0), destinations.get(1), destinations.get(0)), destinations);
    }

    @Test
    void countsFromTheBeginningOfAnAttempt() {
        send("slow", "a.test", 2);
        Entry entry = poll().get(0);
        nowNs += MINUTE / 2;
        scheduler.settleDone(entry, 0);
        scheduler.finish(entry, null, nowNs);
        assertEquals(List.of(), poll());
        nowNs += MINUTE / 2;
        assertEquals(1, poll().size());
    }

    @Test
    void saysWhatWaitingMailWaitsFor() {
        send("slow", "a.test", 2);
        poll();
        int destination = scheduler.destination("slow", "a.test");
        BlockedBy blockedBy = scheduler.view().blockedBy(destination);
        assertEquals(new BlockedBy("transport_rate_delay", MINUTE), blockedBy);
    }

    @Test
    void forgetsTheRestWhenThereIsToBeNone() {
        send("slow", "a.test", 3);
        assertEquals(1, poll().size());
        assertTrue(scheduler.nextDeadlineNs() > nowNs);
        scheduler.reload(settings(0));
        assertEquals(2, poll().size());
    }
}

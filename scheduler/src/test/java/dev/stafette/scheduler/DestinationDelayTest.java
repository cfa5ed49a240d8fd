// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A transport that waits a minute between two attempts to a destination; another does not. */
class DestinationDelayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    /** How much later a timer may be. */
    private static final long TICK = SECOND;

    private final SlowAndFast mail = new SlowAndFast(TransportSettings.DEFAULTS.withDestinationDelay(MINUTE));

    private void deliver(Entry entry) {
        mail.scheduler.settleDone(entry, 0);
        mail.scheduler.finish(entry, null, mail.nowNs);
        mail.scheduler.commands().remove(entry.message());
    }

    @Test
    void makesOneAttemptAtATimeAndWaitsAfterEach() {
        mail.send("slow", "a.test", 3);
        mail.send("slow", "b.test", 1);
        mail.send("fast", "a.test", 4);
        List<Entry> first = mail.poll();
        assertEquals(6, first.size());
        first.forEach(this::deliver);
        for (int left = 2; left > 0; left--) {
            assertEquals(List.of(), mail.poll());
            mail.nowNs += MINUTE - 1;
            assertEquals(List.of(), mail.poll());
            mail.nowNs += 1 + TICK;
            List<Entry> next = mail.poll();
            assertEquals(1, next.size());
            mail.nowNs += 5 * SECOND;
            deliver(next.get(0));
        }
    }

    @Test
    void countsFromTheEndOfAnAttemptThatFailed() {
        mail.send("slow", "a.test", 2);
        Entry entry = mail.poll().get(0);
        mail.nowNs += 10 * MINUTE;
        mail.scheduler.settleDeferred(entry, 0, mail.nowNs, "not now");
        mail.scheduler.finish(entry, null, mail.nowNs);
        assertEquals(List.of(), mail.poll());
        mail.nowNs += MINUTE + TICK;
        assertEquals(1, mail.poll().size());
    }

    @Test
    void waitsForNothingAfterAnEntryThatWasGivenBack() {
        mail.send("slow", "a.test", 1);
        mail.scheduler.giveBack(mail.poll().get(0), mail.nowNs);
        assertEquals(1, mail.poll().size());
    }

    @Test
    void remembersADestinationThatNothingWaitsForUntilItsTimeIsOver() {
        mail.send("slow", "a.test", 1);
        deliver(mail.poll().get(0));
        assertEquals(List.of(), mail.poll());
        mail.nowNs += MINUTE / 2;
        mail.send("slow", "a.test", 1);
        assertEquals(List.of(), mail.poll());
        assertTrue(mail.scheduler.nextDeadlineNs() > mail.nowNs);
        mail.nowNs += MINUTE / 2 + TICK;
        deliver(mail.poll().get(0));
        mail.nowNs += MINUTE + TICK;
        assertEquals(List.of(), mail.poll());
        assertEquals(0, mail.scheduler.view().destinationCount());
    }

    @Test
    void isNotHurriedByAFlush() {
        mail.send("slow", "a.test", 2);
        deliver(mail.poll().get(0));
        mail.scheduler.commands().flush();
        assertEquals(List.of(), mail.poll());
        mail.scheduler.commands().flushDestination(mail.scheduler.destination("slow", "a.test"));
        assertEquals(List.of(), mail.poll());
        mail.nowNs += MINUTE + TICK;
        assertEquals(1, mail.poll().size());
    }

    @Test
    void leavesADeadDestinationToItsRest() {
        mail.send("slow", "a.test", 2);
        Entry entry = mail.poll().get(0);
        mail.scheduler.settleDeferred(entry, 0, mail.nowNs, "down");
        mail.scheduler.finish(entry, "down", mail.nowNs);
        mail.nowNs += MINUTE + TICK;
        assertEquals(List.of(), mail.poll());
        mail.nowNs += SchedulerSettings.DEFAULTS.minimalBackoffNs() + TICK;
        assertFalse(mail.poll().isEmpty());
    }

    @Test
    void goesOnAtOnceWhenTheDelayIsTakenAway() {
        mail.send("slow", "a.test", 3);
        deliver(mail.poll().get(0));
        mail.scheduler.reload(SlowAndFast.settings(TransportSettings.DEFAULTS));
        mail.scheduler.commands().flush();
        assertFalse(mail.poll().isEmpty());
    }
}

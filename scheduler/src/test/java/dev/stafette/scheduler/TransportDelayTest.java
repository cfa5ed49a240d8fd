// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transport that begins one attempt a minute, whatever the destination; another does not. */
class TransportDelayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final SlowAndFast mail = new SlowAndFast(TransportSettings.DEFAULTS.withTransportDelay(MINUTE));

    @Test
    void beginsOneAttemptAtATimeWhileOthersMayStillGoOn() {
        mail.send("slow", "a.test", 2);
        mail.send("slow", "b.test", 2);
        mail.send("fast", "a.test", 4);
        assertEquals(5, mail.poll().size());
        List<Integer> destinations = new ArrayList<>();
        for (int left = 3; left > 0; left--) {
            assertEquals(MINUTE, mail.scheduler.nextDeadlineNs() - mail.nowNs);
            mail.nowNs += MINUTE - 1;
            assertEquals(List.of(), mail.poll());
            mail.nowNs++;
            List<Entry> next = mail.poll();
            assertEquals(1, next.size());
            destinations.add(next.get(0).destination());
        }
        assertEquals(List.of(destinations.get(0), destinations.get(1), destinations.get(0)), destinations);
    }

    @Test
    void countsFromTheBeginningOfAnAttempt() {
        mail.send("slow", "a.test", 2);
        Entry entry = mail.poll().get(0);
        mail.nowNs += MINUTE / 2;
        mail.scheduler.settleDone(entry, 0);
        mail.scheduler.finish(entry, null, mail.nowNs);
        assertEquals(List.of(), mail.poll());
        mail.nowNs += MINUTE / 2;
        assertEquals(1, mail.poll().size());
    }

    @Test
    void saysWhatWaitingMailWaitsFor() {
        mail.send("slow", "a.test", 2);
        mail.poll();
        int destination = mail.scheduler.destination("slow", "a.test");
        BlockedBy blockedBy = mail.scheduler.view().blockedBy(destination);
        assertEquals(new BlockedBy("transport_rate_delay", MINUTE), blockedBy);
    }

    @Test
    void forgetsTheRestWhenThereIsToBeNone() {
        mail.send("slow", "a.test", 3);
        assertEquals(1, mail.poll().size());
        assertTrue(mail.scheduler.nextDeadlineNs() > mail.nowNs);
        mail.scheduler.reload(SlowAndFast.settings(TransportSettings.DEFAULTS));
        assertEquals(2, mail.poll().size());
    }
}

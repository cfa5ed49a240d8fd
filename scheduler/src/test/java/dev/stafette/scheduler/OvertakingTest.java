// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Postfix's preemption at one destination with a window of 1 and an entry for each recipient. The sequences are worked out
 * from the rules by hand: an entry of the large job earns a slot, an overtaker pays cost × its entries before it goes, and
 * goes when slots / cost + loan >= entries × (100 - discount) / 100, if the large one has slots and can ever pay.
 */
class OvertakingTest {
    private static final long SECOND = 1_000_000_000L;

    private final SinkRecord sink = new SinkRecord();
    private final Map<Long, String> names = new HashMap<>();
    private Scheduler scheduler = scheduler(DeliverySlots.DEFAULTS);
    private long nowNs;
    private long lastQueueId;

    private static Scheduler scheduler(DeliverySlots slots) {
        TransportSettings smtp = TransportSettings.DEFAULTS
                .withConcurrency(1, 1)
                .withRecipientLimit(1)
                .withSlots(slots);
        SchedulerSettings like = SchedulerSettings.DEFAULTS;
        return new Scheduler(
                new SchedulerSettings(
                        smtp,
                        Map.of(),
                        like.minimalBackoffNs(),
                        like.maximalBackoffNs(),
                        like.lifetimeNs(),
                        like.bounceLifetimeNs(),
                        0,
                        true,
                        like.recipientCountMax()),
                1,
                0);
    }

    private int send(String name, int recipients) {
        long queueId = ++lastQueueId;
        names.put(queueId, name);
        int message = scheduler.addMessage(queueId, nowNs, false, 0, 0);
        for (int i = 0; i < recipients; i++) {
            scheduler.addReady(message, i, scheduler.destination("smtp", "a.example"));
        }
        return message;
    }

    /** Without an entry for anybody. */
    private void passTime(long ns) {
        nowNs += ns;
        scheduler.poll(nowNs, sink, 0);
    }

    /** The names of the messages that the next entries are of. */
    private String next(int count) {
        StringBuilder sequence = new StringBuilder();
        for (int i = 0; i < count; i++) {
            scheduler.poll(nowNs, sink, 1000);
            for (Entry entry : sink.takeEntries()) {
                sequence.append(names.get(entry.queueId()));
                for (int j = 0; j < entry.size(); j++) {
                    scheduler.settleDone(entry, j);
                }
                scheduler.finish(entry, null, nowNs);
            }
        }
        return sequence.toString();
    }

    @Test
    void letsASingleMessageOvertakeALargeOneAtOnce() {
        send("L", 5000);
        assertEquals("LLL", next(3));
        send("s", 1);
        assertEquals("sL", next(2));
    }

    @Test
    void letsSingleMessagesTakeOneOfSixTurns() {
        send("L", 100);
        for (int i = 0; i < 5; i++) {
            send("s", 1);
        }
        // Slots after each L: 1, then 1 - 5 = -4, and five more until there is one again.
        assertEquals("LsLLLLLsLLLLLsLLLLLs", next(20));
    }

    @Test
    void paysAsTheCostSays() {
        scheduler = scheduler(new DeliverySlots(2, 3, 50, 3));
        send("L", 100);
        for (int i = 0; i < 5; i++) {
            send("s", 1);
        }
        assertEquals("LsLLsLLsLLs", next(11));
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void keepsTheOrderWithoutACost(int cost) {
        scheduler = scheduler(new DeliverySlots(cost, 3, 50, 3));
        send("L", 20);
        send("s", 1);
        assertEquals("L".repeat(20) + "s", next(21));
    }

    @ParameterizedTest
    @CsvSource({"14, 14", "15, 1"})
    void overtakesOnlyWhatCanPayTheMinimum(int large, int first) {
        send("L", large);
        send("s", 1);
        assertEquals("L".repeat(first) + "s", next(first + 1));
    }

    /** With 3 lent and half discounted: 6 entries at once, 7 with 5 slots (1 and 3 are 4 >= 3.5), 10 with 10. */
    @ParameterizedTest
    @CsvSource({"1, 1", "6, 1", "7, 5", "8, 5", "9, 10", "10, 10", "12, 15"})
    void waitsForSlotsAsTheEntriesNeed(int entries, int first) {
        send("L", 200);
        send("m", entries);
        assertEquals("L".repeat(first) + "m".repeat(entries) + "L", next(first + entries + 1));
    }

    @ParameterizedTest
    @CsvSource({
        // loan, discount, entries of the small one, entries of the large one before it
        "0, 0, 1, 5",
        "0, 0, 3, 15",
        "0, 50, 1, 5",
        "0, 100, 9, 1",
        "1, 0, 1, 1",
        "2, 0, 3, 5",
        "9, 0, 9, 1"
    })
    void lendsAndDiscountsAsToldTo(int loan, int discount, int entries, int first) {
        scheduler = scheduler(new DeliverySlots(5, loan, discount, 3));
        send("L", 200);
        send("m", entries);
        assertEquals("L".repeat(first) + "m".repeat(entries) + "L", next(first + entries + 1));
    }

    /** Of 20, the first has gone: 19 to come and 1 slot are 20, which pay for 4 and not for 5. */
    @ParameterizedTest
    @CsvSource({"4, 1", "5, 20"})
    void overtakesOnlyWhatCanEverPay(int entries, int first) {
        send("L", 20);
        send("m", entries);
        assertEquals("L".repeat(first) + "m".repeat(entries), next(first + entries));
    }

    /** The score is the wait over the size: (9 + 1) / 4 against (5 + 1) / 2, and against (1 + 1) / 1. */
    @Test
    void prefersTheBestScore() {
        send("L", 1000);
        send("x", 4);
        passTime(4 * SECOND);
        send("y", 2);
        passTime(4 * SECOND);
        send("z", 1);
        passTime(SECOND);
        assertEquals("Lyy", next(3), "2.5, 3 and 2");
        // 1 - 2 × 5 is -9: 10 entries, at the same time; then (9 + 1) / 4 is 2.5 against 2, and that costs 20.
        assertEquals("L".repeat(10) + "xxxx", next(14));
        assertEquals("L".repeat(20) + "zL", next(22));
    }

    @Test
    void prefersTheOlderOfEqualScores() {
        send("L", 1000);
        send("x", 2);
        passTime(SECOND);
        send("y", 1);
        assertEquals("Lxx", next(3), "(1 + 1) / 2 is as good as (0 + 1) / 1");
    }

    @Test
    void takesSinglesInTheirOrder() {
        send("L", 1000);
        send("x", 1);
        send("y", 1);
        send("z", 1);
        assertEquals("LxLLLLLyLLLLLz", next(14));
    }

    /** Far behind many that are too large to overtake. */
    @Test
    void findsASmallOneBehindLargeOnes() {
        for (int i = 0; i < 500; i++) {
            send("L", 300);
        }
        send("s", 1);
        long before = scheduler.stepCount();
        assertEquals("Ls", next(2));
        assertTrue(scheduler.stepCount() - before <= 4);
    }

    /** Those that waited before the large one grew are found as well, so many at each entry. */
    @Test
    void findsTheFirstOfManyThatWaitedBeforeThereWasALargeOne() {
        int large = send("L", 10);
        for (int i = 0; i < 200; i++) {
            send("s", 1);
        }
        int destination = scheduler.destination("smtp", "a.example");
        for (int i = 10; i < 100; i++) {
            scheduler.addReady(large, i, destination);
        }
        assertEquals("LsLLLLLsLLLLLs", next(14));
    }

    /** 6 were paid for and 3 went: 1 - 30 + 15 is -14, so that 15 more entries earn the next slot. */
    @Test
    void givesBackTheSlotsOfEntriesThatWereNotMade() {
        send("L", 1000);
        int held = send("m", 6);
        assertEquals("Lmmm", next(4));
        scheduler.commands().hold(held);
        send("s", 1);
        assertEquals("L".repeat(15) + "sL", next(17));
    }

    @Test
    void letsAnOvertakerBeOvertaken() {
        send("L", 1000);
        send("m", 20);
        assertEquals("L".repeat(35), next(35), "35 / 5 and 3 are 10");
        assertEquals("mm", next(2));
        send("s", 1);
        assertEquals("sm", next(2));
        assertEquals("m".repeat(17) + "L", next(18));
    }

    /** The one that was overtaken is gone: who is behind it now has nothing to do with it. */
    @Test
    void owesNothingToTheJobBehindTheOneItOvertook() {
        int first = send("L", 1000);
        send("K", 1000);
        send("m", 6);
        assertEquals("Lm", next(2));
        scheduler.commands().hold(first);
        assertEquals("mmmmmK", next(6));
        send("s", 1);
        assertEquals("sK", next(2));
    }

    @Test
    void goesOnWithTheOvertakenOneWhereItWas() {
        int message = send("L", 20);
        send("s", 1);
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            scheduler.poll(nowNs, sink, 1);
            for (Entry entry : sink.takeEntries()) {
                if (entry.message() == message) {
                    indexes.add(entry.envelopeIndex(0));
                }
                scheduler.settleDone(entry, 0);
                scheduler.finish(entry, null, nowNs);
            }
        }
        assertEquals(20, indexes.size());
        for (int i = 0; i < 20; i++) {
            assertEquals(i, indexes.get(i));
        }
    }

    /** What is deferred for a message comes back as one job, however its recipients became due, and can be overtaken. */
    @Test
    void gathersWhatComesDueOfOneMessage() {
        send("b", 1);
        int large = scheduler.addMessage(++lastQueueId, nowNs, false, 0, 0);
        names.put(lastQueueId, "L");
        for (int i = 0; i < 30; i++) {
            int destination = scheduler.destination("smtp", "a.example");
            scheduler.addDeferred(large, i, destination, 1, (10 + i) * SECOND, "later");
            long queueId = ++lastQueueId;
            names.put(queueId, "s");
            int other = scheduler.addMessage(queueId, nowNs, false, 0, 0);
            scheduler.addDeferred(other, 0, destination, 1, (10 + i) * SECOND, "later");
        }
        nowNs = 60 * SECOND;
        assertEquals("bLsLLLLLsLLLLLs", next(15));
    }

    /** A message whose recipients come back for ever does not keep the others from their turn. */
    @Test
    void closesAJobThatHasBegun() {
        int large = send("L", 3);
        assertEquals("L", next(1));
        send("s", 1);
        scheduler.addReady(large, 3, scheduler.destination("smtp", "a.example"));
        assertEquals("LLsL", next(4));
    }

    @Test
    void countsEntriesOfManyRecipients() {
        TransportSettings smtp =
                TransportSettings.DEFAULTS.withConcurrency(1, 1).withRecipientLimit(50);
        scheduler.reload(new SchedulerSettings(smtp, Map.of(), 1, 1, SECOND, SECOND, 0, true, 1_000_000));
        send("L", 5000);
        send("m", 300);
        assertEquals("LmmmmmmLL", next(9), "6 entries");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerBucketsTest {
    private static final long TICK = 1L << TimerBuckets.TICK_SHIFT;

    private final Slab slab = new Slab(8);
    private final SlotLists lists = new SlotLists(slab, 0);

    private TimerBuckets startingAt(long startNs) {
        return new TimerBuckets(lists, TimerBuckets.TICK_SHIFT, startNs);
    }

    private int slot() {
        int slot = slab.allocate();
        lists.init(slot);
        return slot;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1_234_567_890_123L, 98_765_432_109_876L})
    void firesNeverEarlyAndLateByATickAtMost(long startNs) {
        Random random = new Random(startNs);
        TimerBuckets buckets = startingAt(startNs);
        Map<Integer, Long> waiting = new TreeMap<>();
        long nowNs = startNs;
        for (int step = 0; step < 20_000; step++) {
            int choice = random.nextInt(4);
            if (choice < 2) {
                int slot = slot();
                // Beyond a turn of the wheel too, and in the past.
                long deadlineNs = nowNs + (long) (random.nextDouble() * 20_000 * TICK) - 10 * TICK;
                buckets.add(slot, deadlineNs);
                waiting.put(slot, deadlineNs);
            } else if (choice == 2 && !waiting.isEmpty()) {
                int slot = waiting.keySet().iterator().next();
                waiting.remove(slot);
                buckets.remove(slot);
                slab.free(slot);
            } else {
                nowNs += (long) (random.nextDouble() * (random.nextInt(100) == 0 ? 9000 : 3) * TICK);
                fire(buckets, waiting, nowNs);
            }
        }
        fire(buckets, waiting, nowNs + 30_000 * TICK);
        assertTrue(waiting.isEmpty());
        assertEquals(Long.MAX_VALUE, buckets.nextDeadlineNs());
    }

    private void fire(TimerBuckets buckets, Map<Integer, Long> waiting, long nowNs) {
        buckets.advance(nowNs);
        for (int slot = buckets.firstDue(); slot != SlotLists.NONE; slot = buckets.firstDue()) {
            long deadlineNs = waiting.remove(slot);
            assertTrue(deadlineNs <= nowNs, "early by " + (deadlineNs - nowNs));
            buckets.remove(slot);
            slab.free(slot);
        }
        for (long deadlineNs : waiting.values()) {
            assertTrue(deadlineNs > nowNs - TICK, "late by " + (nowNs - deadlineNs));
        }
        assertTrue(waiting.isEmpty() || buckets.nextDeadlineNs() > nowNs);
    }

    @Test
    void makesEverythingDueInOrder() {
        TimerBuckets buckets = startingAt(0);
        int late = slot();
        int early = slot();
        buckets.add(late, 500 * TICK);
        buckets.add(early, 100 * TICK);
        buckets.advanceToEnd();
        assertEquals(early, buckets.firstDue());
        assertEquals(late, lists.next(early));
        assertEquals(Long.MAX_VALUE, buckets.nextDeadlineNs());
        buckets.remove(early);
        buckets.remove(late);
        assertFalse(buckets.contains(late));
    }

    @Test
    void needsNoTimerForRecordsOfOneTick() {
        TimerBuckets buckets = startingAt(0);
        for (int i = 0; i < 1000; i++) {
            buckets.add(slot(), 7 * TICK + i);
        }
        assertEquals(0, buckets.advance(7 * TICK));
        assertEquals(1, buckets.advance(8 * TICK));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2LongHashMap;

/**
 * Records that wait for a time, in a bucket for each tick. Only a bucket has a timer on the wheel, so that a timer costs a
 * record its two links, and an event the same with ten waiting as with ten million.
 * Thread: queue agent.
 *
 * <p>A record is due at the end of the tick that its deadline lies in: never early, late by a tick at most.
 */
final class TimerBuckets {
    /** Half a second, about: Postfix counts in seconds. */
    static final int TICK_SHIFT = 29;

    /** One turn is more than an hour: as long as a recipient waits by default. Longer waits share the spokes. */
    private static final int TICKS_PER_WHEEL = 1 << 13;

    private static final int TIMERS_PER_SPOKE = 2;
    private static final long NO_BUCKET = -1;

    /** The list of what is due. */
    private static final int DUE = 0;

    private final SlotLists lists;
    private final int tickShift;
    private final long startNs;
    private final DeadlineTimerWheel wheel;
    private final DeadlineTimerWheel.TimerHandler onTimer = this::onTimer;

    // Owned by the queue agent.
    private final Long2LongHashMap listByTick = new Long2LongHashMap(NO_BUCKET);
    private final Long2LongHashMap listByTimer = new Long2LongHashMap(NO_BUCKET);
    private long[] ticks = new long[16];
    private long[] timers = new long[16];

    /** @param lists the buckets' own */
    TimerBuckets(SlotLists lists, int tickShift, long startNs) {
        this.lists = lists;
        this.tickShift = tickShift;
        this.startNs = startNs;
        this.wheel = new DeadlineTimerWheel(
                TimeUnit.NANOSECONDS, startNs, 1L << tickShift, TICKS_PER_WHEEL, TIMERS_PER_SPOKE);
        int due = lists.create();
        assert due == DUE;
    }

    void add(int slot, long deadlineNs) {
        long tick = (deadlineNs - startNs) >> tickShift;
        long openTick = (wheel.currentTickTime() - startNs >> tickShift) - 1;
        lists.append(tick < openTick ? DUE : bucket(tick), slot);
    }

    /** Due at once. */
    void addDue(int slot) {
        lists.append(DUE, slot);
    }

    private int bucket(long tick) {
        long found = listByTick.get(tick);
        if (found != NO_BUCKET) {
            return (int) found;
        }
        int list = lists.create();
        // The last moment of the tick: the wheel keeps it in that tick's spoke, and looks there when the tick has
        // ended.
        long timer = wheel.scheduleTimer(startNs + (tick + 1 << tickShift) - 1);
        if (list >= ticks.length) {
            ticks = Arrays.copyOf(ticks, list * 2);
            timers = Arrays.copyOf(timers, list * 2);
        }
        ticks[list] = tick;
        timers[list] = timer;
        listByTick.put(tick, list);
        listByTimer.put(timer, list);
        return list;
    }

    void remove(int slot) {
        int emptied = lists.unlink(slot);
        if (emptied != SlotLists.NONE && emptied != DUE) {
            wheel.cancelTimer(timers[emptied]);
            dispose(emptied);
        }
    }

    private void dispose(int list) {
        listByTick.remove(ticks[list]);
        listByTimer.remove(timers[list]);
        lists.dispose(list);
    }

    boolean contains(int slot) {
        return lists.isLinked(slot);
    }

    /** Makes due whose time has come; returns how many buckets that were. */
    int advance(long nowNs) {
        if (wheel.currentTickTime() - nowNs > 0) {
            return 0;
        }
        int count = 0;
        while (wheel.timerCount() > 0 && wheel.currentTickTime() - nowNs <= 0) {
            count += wheel.poll(nowNs, onTimer, Integer.MAX_VALUE);
        }
        wheel.currentTickTime(nowNs);
        return count;
    }

    private boolean onTimer(TimeUnit unit, long nowNs, long timer) {
        makeDue((int) listByTimer.get(timer));
        return true;
    }

    private void makeDue(int list) {
        lists.moveAll(list, DUE);
        dispose(list);
    }

    /** Makes everything due, the earliest first. */
    void advanceToEnd() {
        long[] sorted = new long[listByTick.size()];
        int count = 0;
        for (Long2LongHashMap.KeyIterator keys = listByTick.keySet().iterator(); keys.hasNext(); ) {
            sorted[count++] = keys.nextValue();
        }
        Arrays.sort(sorted);
        for (long tick : sorted) {
            int list = (int) listByTick.get(tick);
            wheel.cancelTimer(timers[list]);
            makeDue(list);
        }
    }

    /** The first slot that is due and has not been removed, or {@link SlotLists#NONE}. */
    int firstDue() {
        return lists.first(DUE);
    }

    /** A time before which nothing more is due; {@code Long.MAX_VALUE} when nothing waits. */
    long nextDeadlineNs() {
        return wheel.timerCount() == 0 ? Long.MAX_VALUE : wheel.currentTickTime();
    }
}

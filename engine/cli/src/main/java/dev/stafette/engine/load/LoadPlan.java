// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out the messages of a run, each once, and says when each is due.
 * Thread: any. Time is passed in.
 *
 * <p>In a paced run a late message keeps the time that it was due at: what a stall held up is charged to the stall, and
 * not left out because nobody asked meanwhile (coordinated omission).
 */
final class LoadPlan {
    static final long EXHAUSTED = -1;
    static final long NOT_YET = -2;

    private static final double NS_PER_SECOND = 1e9;

    private final long firstSequence;
    private final long endSequence;
    private final double intervalNs;
    private final long timeLimitNs;
    private final long startNs;
    private final AtomicLong next;

    LoadPlan(LoadSettings settings, long startNs) {
        this.firstSequence = settings.firstSequence();
        this.endSequence = firstSequence + settings.messageCount();
        this.next = new AtomicLong(firstSequence);
        this.intervalNs = settings.messagesPerSecond() == 0 ? 0 : NS_PER_SECOND / settings.messagesPerSecond();
        this.timeLimitNs = settings.timeLimit().toNanos();
        this.startNs = startNs;
    }

    long startNs() {
        return startNs;
    }

    /** The sequence number of the next message that is due; {@link #NOT_YET} or {@link #EXHAUSTED}. */
    long take(long nowNs) {
        while (true) {
            long sequence = next.get();
            if (isExhausted(sequence, nowNs)) {
                return EXHAUSTED;
            }
            if (dueNs(sequence, nowNs) - nowNs > 0) {
                return NOT_YET;
            }
            if (next.compareAndSet(sequence, sequence + 1)) {
                return sequence;
            }
        }
    }

    boolean isExhausted(long nowNs) {
        return isExhausted(next.get(), nowNs);
    }

    private boolean isExhausted(long sequence, long nowNs) {
        return sequence >= endSequence || nowNs - startNs > timeLimitNs;
    }

    /** When a message is due: now, unless the run is paced. */
    long dueNs(long sequence, long nowNs) {
        return intervalNs == 0 ? nowNs : startNs + Math.round((sequence - firstSequence) * intervalNs);
    }

    /** When the next message is due. */
    long nextDueNs(long nowNs) {
        return dueNs(next.get(), nowNs);
    }

    /** How many have been begun. */
    long takenCount() {
        return next.get() - firstSequence;
    }

    /** Nothing more is handed out. */
    void abort() {
        next.set(endSequence);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The stages and counts of one thread.
 * Thread: the one that it was opened for; {@link #drainInto} and {@link #addTo} belong to {@link Metrics}.
 */
public final class Meter {
    private static final int STAGES = Stage.values().length;
    private static final int COUNTS = Count.values().length;
    /** A cache line on either side, so that two threads' counts share none. */
    private static final int PAD = 8;

    private final String owner;
    /** Filled when a stage is first recorded: a thread knows but a few of them. */
    private final AtomicReferenceArray<@Nullable StageTimes> times = new AtomicReferenceArray<>(STAGES);

    private final AtomicLongArray counts = new AtomicLongArray(PAD + COUNTS + PAD);

    Meter(String owner) {
        this.owner = owner;
    }

    public String owner() {
        return owner;
    }

    /** Times below a microsecond count as one. */
    public void record(Stage stage, long ns) {
        StageTimes known = times.getPlain(stage.ordinal());
        if (known == null) {
            known = new StageTimes();
            times.setRelease(stage.ordinal(), known);
        }
        known.add(ns);
    }

    public void count(Count count) {
        count(count, 1);
    }

    public void count(Count count, long n) {
        int index = PAD + count.ordinal();
        counts.setRelease(index, counts.getPlain(index) + n);
    }

    /** All that was recorded so far. */
    void addTo(Stage stage, Histogram sum) {
        StageTimes known = times.getAcquire(stage.ordinal());
        if (known != null) {
            known.addTo(sum);
        }
    }

    long addTo(Count count, long sum) {
        return sum + counts.getAcquire(PAD + count.ordinal());
    }
}

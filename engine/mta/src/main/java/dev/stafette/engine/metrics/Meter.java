// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The stages and counts of one thread.
 * Thread: the one that it was opened for; {@link #drainInto} and {@link #addTo} belong to {@link Metrics}.
 */
public final class Meter {
    /** A week: what takes longer counts as that. */
    static final long MICROS_MAX = 7L * 24 * 3600 * 1_000_000;

    static final int SIGNIFICANT_DIGITS = 3;

    private static final int STAGES = Stage.values().length;
    private static final int COUNTS = Count.values().length;
    /** A cache line on either side, so that two threads' counts share none. */
    private static final int PAD = 8;

    private final String owner;
    /** Filled when a stage is first recorded: a thread knows but a few of them. They grow with the values. */
    private final AtomicReferenceArray<@Nullable SingleWriterRecorder> recorders = new AtomicReferenceArray<>(STAGES);

    private final AtomicLongArray counts = new AtomicLongArray(PAD + COUNTS + PAD);

    Meter(String owner) {
        this.owner = owner;
    }

    public String owner() {
        return owner;
    }

    /** Times below a microsecond count as one. */
    public void record(Stage stage, long ns) {
        SingleWriterRecorder recorder = recorders.getPlain(stage.ordinal());
        if (recorder == null) {
            recorder = new SingleWriterRecorder(SIGNIFICANT_DIGITS);
            recorders.setRelease(stage.ordinal(), recorder);
        }
        recorder.recordValue(Math.min(Math.max(ns / 1000, 1), MICROS_MAX));
    }

    public void count(Count count) {
        count(count, 1);
    }

    public void count(Count count, long n) {
        int index = PAD + count.ordinal();
        counts.setRelease(index, counts.getPlain(index) + n);
    }

    /** Moves what was recorded since the last call; not to be called by two threads at a time. */
    void drainInto(Stage stage, Histogram sum) {
        SingleWriterRecorder recorder = recorders.getAcquire(stage.ordinal());
        if (recorder != null) {
            sum.add(recorder.getIntervalHistogram());
        }
    }

    long addTo(Count count, long sum) {
        return sum + counts.getAcquire(PAD + count.ordinal());
    }
}

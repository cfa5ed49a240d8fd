// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The times of a stage that threads without a meter pass, each now and then.
 * Thread: any; {@link #addTo} belongs to {@link Metrics}.
 */
public final class SharedTimes {
    private final Stage stage;
    private final Recorder recorder = new Recorder(StageTimes.SIGNIFICANT_DIGITS);

    /** All but what the recorder has. */
    private final Histogram before = new Histogram(StageTimes.SIGNIFICANT_DIGITS);

    public SharedTimes(Stage stage) {
        this.stage = stage;
    }

    Stage stage() {
        return stage;
    }

    /** Times below a microsecond count as one. */
    public void record(long ns) {
        recorder.recordValue(Math.min(Math.max(ns / 1000, 1), StageTimes.MICROS_MAX));
    }

    /** All that was recorded so far; not to be called by two threads at a time. */
    void addTo(Histogram sum) {
        before.add(recorder.getIntervalHistogram());
        sum.add(before);
    }
}

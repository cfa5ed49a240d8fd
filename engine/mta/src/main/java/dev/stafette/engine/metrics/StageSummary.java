// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import org.HdrHistogram.AbstractHistogram;

/**
 * One stage in a table. Times in µs.
 * Thread: any (a value).
 */
public record StageSummary(
        Stage stage, long count, long p50Micros, long p90Micros, long p99Micros, long p999Micros, long maxMicros) {
    static StageSummary of(Stage stage, AbstractHistogram histogram) {
        return new StageSummary(
                stage,
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Metrics;
import java.util.Arrays;
import java.util.List;

/**
 * Shows administration what was measured.
 * Thread: any.
 */
public final class StageLatencies implements LatencyReport {
    private final Metrics metrics;

    public StageLatencies(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public List<StageRow> stages() {
        return metrics.summaries().stream()
                .map(summary -> new StageRow(
                        summary.stage().text(),
                        summary.count(),
                        summary.p50Micros(),
                        summary.p90Micros(),
                        summary.p99Micros(),
                        summary.p999Micros(),
                        summary.maxMicros()))
                .toList();
    }

    @Override
    public Iterable<String> hlogLines() {
        return metrics.hlogLines(System.currentTimeMillis());
    }

    @Override
    public List<Counter> counters() {
        return Arrays.stream(Count.values())
                .map(count -> new Counter(count.text(), metrics.count(count)))
                .toList();
    }
}

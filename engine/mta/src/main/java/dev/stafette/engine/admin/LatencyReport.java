// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * The latency histograms and the counts as administration shows them.
 * Thread: called on the admin thread; must not block.
 */
public interface LatencyReport {
    /** One row for each stage that a message passes, in the order it passes them. */
    List<StageRow> stages();

    /** What was recorded so far in HdrHistogram's log format (V2), line by line, header included. */
    Iterable<String> hlogLines();

    /** What was counted since the start. */
    default List<Counter> counters() {
        return List.of();
    }

    /** A count; the unit is in its name. */
    record Counter(String name, long value) {}

    /** Times in µs. */
    record StageRow(
            String name, long count, long p50Micros, long p90Micros, long p99Micros, long p999Micros, long maxMicros) {}
}

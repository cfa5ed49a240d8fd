// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * All meters of the process, merged.
 * Thread: any. Reading takes a lock that no recording thread ever wants; it takes a millisecond or so.
 */
public final class Metrics {
    private static final double MICROS_IN_MILLI = 1000.0;

    private final List<Meter> meters = new CopyOnWriteArrayList<>();
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final List<SharedTimes> shared = new CopyOnWriteArrayList<>();
    private final long startMs;
    private final Object reading = new Object();

    public Metrics(long startMs) {
        this.startMs = startMs;
    }

    /** A meter for one thread to write; it is never closed. */
    public Meter openMeter(String owner) {
        Meter meter = new Meter(owner);
        meters.add(meter);
        return meter;
    }

    /** One row a stage, since the start, in the order a message passes them. */
    public List<StageSummary> summaries() {
        return Stream.of(Stage.values())
                .map(stage -> StageSummary.of(stage, histogram(stage)))
                .toList();
    }

    /** What was recorded since the start, in µs. */
    public Histogram histogram(Stage stage) {
        Histogram sum = new Histogram(StageTimes.SIGNIFICANT_DIGITS);
        synchronized (reading) {
            for (SharedTimes times : shared) {
                if (times.stage() == stage) {
                    times.addTo(sum);
                }
            }
        }
        meters.forEach(meter -> meter.addTo(stage, sum));
        return sum;
    }

    /** A count that somebody keeps elsewhere, for all threads. */
    public void addSource(Count count, LongSupplier source) {
        sources.add(new Source(count, source));
    }

    /** Times that no single thread records. */
    public void addSource(SharedTimes times) {
        shared.add(times);
    }

    private record Source(Count count, LongSupplier value) {}

    /** The sum of a count over all threads. */
    public long count(Count count) {
        long sum = 0;
        for (Source source : sources) {
            sum += source.count() == count ? source.value().getAsLong() : 0;
        }
        for (Meter meter : meters) {
            sum = meter.addTo(count, sum);
        }
        return sum;
    }

    /** The lines of an HdrHistogram log (V2) with one interval, from the start until now: a line a stage, tagged with it. */
    public List<String> hlogLines(long nowMs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        HistogramLogWriter writer = new HistogramLogWriter(out);
        writer.outputComment("[Latencies in microseconds; max in milliseconds]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(startMs);
        writer.setBaseTime(startMs);
        writer.outputBaseTime(startMs);
        writer.outputLegend();
        for (Stage stage : Stage.values()) {
            Histogram sum = histogram(stage);
            sum.setTag(stage.text());
            writer.outputIntervalHistogram(0, (nowMs - startMs) / 1000.0, sum, MICROS_IN_MILLI);
        }
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}

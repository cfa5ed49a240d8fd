// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Meter;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.metrics.Stage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to record a time and a count.
 * Thread: JMH's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MeterBenchmark {
    private final Meter meter = new Metrics(0).openMeter("bench");
    private long ns;

    /** One time. */
    @Benchmark
    public void time() {
        ns = ns * 31 + 17 & 0x3ffffff;
        meter.record(Stage.ACCEPT, ns);
    }

    /** One count. */
    @Benchmark
    public void count() {
        meter.count(Count.MESSAGES_ACCEPTED);
    }
}

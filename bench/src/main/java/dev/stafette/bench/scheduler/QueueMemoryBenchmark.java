// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.scheduler;

import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/**
 * What a queued recipient takes: of the index outside the heap, and of the heap. Each is deferred and waits on a timer.
 * Thread: JMH's plays the queue agent.
 *
 * <p>The score is how long it takes to fill the queue, as a start does that replays the journal.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
@SuppressWarnings("NullAway.Init")
public class QueueMemoryBenchmark {
    private static final int DESTINATIONS = 1000;

    @Param("1000000")
    public int recipients;

    private String[] nextHops;

    /** Bytes a recipient. JMH adds such counters up over the iterations, so each gives its part of the mean. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Memory {
        public double indexBytes;
        public double heapBytes;
        private int iterations = 1;

        @Setup(Level.Iteration)
        public void reset(IterationParams parameters) {
            indexBytes = 0;
            heapBytes = 0;
            iterations = parameters.getCount();
        }

        void set(long bytesOfIndex, long bytesOfHeap, int recipients) {
            indexBytes = (double) bytesOfIndex / recipients / iterations;
            heapBytes = (double) bytesOfHeap / recipients / iterations;
        }
    }

    @Setup
    public void name() {
        nextHops = new String[DESTINATIONS];
        for (int i = 0; i < DESTINATIONS; i++) {
            nextHops[i] = "d" + i + ".test";
        }
    }

    /** A message for each recipient: the dearest case. */
    @Benchmark
    public Scheduler fill(Memory memory) {
        long heapBefore = usedHeapBytes();
        Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULTS, 1, 0);
        for (int i = 0; i < recipients; i++) {
            int message = scheduler.addMessage(i + 1, 0, false, i, i);
            int destination = scheduler.destination("smtp", nextHops[i % DESTINATIONS]);
            long dueNs = TimeUnit.SECONDS.toNanos(300 + i % 3700);
            scheduler.addDeferred(message, 0, destination, 1, dueNs, "host mx.test[192.0.2.1] said: 450 4.2.1 busy");
        }
        memory.set(scheduler.view().indexBytes(), usedHeapBytes() - heapBefore, recipients);
        return scheduler;
    }

    private static long usedHeapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.storage;

import java.io.IOException;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many messages a second become durable when so many wait at a time: body and record written, both files synced.
 * Thread: JMH's plays the queue agent; the commit thread is the spool's own.
 *
 * <p>The score is rounds; {@code messages} is what counts, and {@code syncs} what they cost. The place is
 * {@code java.io.tmpdir}, which must be on the disk that is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init")
public class GroupCommitBenchmark {
    private static final int CONTENT_BYTES = 4096;

    /** Sessions that wait for their 250. */
    @Param({"1", "8", "64", "256"})
    public int waiting;

    private SpoolLoad load;

    /** What a round did. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long messages;
        public long syncs;

        @Setup(Level.Iteration)
        public void reset() {
            messages = 0;
            syncs = 0;
        }
    }

    @Setup
    public void open() throws IOException {
        load = SpoolLoad.open(CONTENT_BYTES);
    }

    @TearDown
    public void close() throws IOException {
        load.close();
    }

    /** So many messages come at once and wait until they are durable; the outcomes of the round before join them. */
    @Benchmark
    public void round(Work work) {
        long syncsBefore = load.syncCount();
        load.acceptAndWait(waiting);
        work.messages += waiting;
        work.syncs += load.syncCount() - syncsBefore;
    }
}

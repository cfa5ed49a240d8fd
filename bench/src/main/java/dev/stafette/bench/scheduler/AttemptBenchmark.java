// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.scheduler;

import dev.stafette.scheduler.Entry;
import dev.stafette.scheduler.EntrySink;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the scheduler costs an attempt while many destinations wait: offer, poll and outcome.
 * Thread: JMH's plays the queue agent.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class AttemptBenchmark {
    private static final int BACKLOG_MIN = 10_000;
    private static final long YEAR_NS = TimeUnit.DAYS.toNanos(365);
    /** Of a recipient whose waits have grown as long as they get, its jitter included. */
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(4_300);

    /** Each with two recipients waiting, and 10,000 at least in all. */
    @Param({"1", "1000", "100000"})
    public int destinations;

    private Queue delivering;
    private Queue deferring;

    @Setup
    public void fill() {
        delivering = new Queue(destinations, false);
        deferring = new Queue(destinations, true);
    }

    /** A message comes, and the one whose turn it is goes: added, polled, delivered, removed. */
    @Benchmark
    public long delivered() {
        delivering.add();
        return delivering.attempt(0);
    }

    /** The next recipient falls due, is tried and deferred again; nothing comes and nothing goes. */
    @Benchmark
    public long deferredAgain() {
        return deferring.attempt(WAIT_NS / deferring.backlog);
    }

    /** A scheduler with a backlog, and the time that goes on in it. */
    private static final class Queue implements EntrySink {
        private static final SchedulerSettings ETERNAL = new SchedulerSettings(
                SchedulerSettings.DEFAULTS.defaults(),
                SchedulerSettings.DEFAULTS.transports(),
                SchedulerSettings.DEFAULTS.minimalBackoffNs(),
                SchedulerSettings.DEFAULTS.maximalBackoffNs(),
                50 * YEAR_NS,
                50 * YEAR_NS,
                SchedulerSettings.DEFAULTS.jitter(),
                SchedulerSettings.DEFAULTS.probesDead(),
                SchedulerSettings.DEFAULTS.recipientCountMax());

        private final Scheduler scheduler = new Scheduler(ETERNAL, 1, 0);
        private final boolean isDeferring;
        private final int destinationCount;
        private final String[] nextHops;
        private final int backlog;
        private long nowNs;
        private long lastQueueId;
        private long attemptCount;

        Queue(int destinationCount, boolean isDeferring) {
            this.isDeferring = isDeferring;
            this.destinationCount = destinationCount;
            this.nextHops = new String[destinationCount];
            for (int i = 0; i < destinationCount; i++) {
                nextHops[i] = "d" + i + ".test";
            }
            this.backlog = Math.max(BACKLOG_MIN, 2 * destinationCount);
            for (int i = 0; i < backlog; i++) {
                add();
            }
        }

        void add() {
            long queueId = ++lastQueueId;
            int message = scheduler.addMessage(queueId, nowNs, false, queueId, queueId);
            scheduler.addReady(message, 0, scheduler.destination("smtp", nextHops[(int) (queueId % destinationCount)]));
        }

        long attempt(long stepNs) {
            long before = attemptCount;
            while (attemptCount == before) {
                nowNs += stepNs;
                scheduler.poll(nowNs, this, 1);
            }
            return attemptCount;
        }

        @Override
        public void onEntry(Entry entry) {
            if (isDeferring) {
                scheduler.settleDeferred(entry, 0, nowNs, "host mx.test[192.0.2.1] said: 450 4.2.1 busy");
                scheduler.finish(entry, null, nowNs);
            } else {
                scheduler.settleDone(entry, 0);
                scheduler.finish(entry, null, nowNs);
                scheduler.commands().remove(entry.message());
            }
            attemptCount++;
        }

        @Override
        public void onSuspended(int message, int recipient, String siteReason, long dueNs) {
            throw new IllegalStateException("no site is unwell");
        }

        @Override
        public void onExpired(int message, int recipient) {
            throw new IllegalStateException("nothing expires");
        }
    }
}

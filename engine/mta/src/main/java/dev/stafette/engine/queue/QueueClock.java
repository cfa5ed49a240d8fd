// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import java.util.function.LongSupplier;

/**
 * The agent's clocks, read once a cycle: monotonic ns for everything that is measured or waited for, epoch ms for what
 * the journal keeps over restarts.
 * Thread: queue agent.
 */
final class QueueClock {
    private final LongSupplier nanoTime;
    private final LongSupplier epochMs;

    private long nowNs;
    private long nowMs;

    QueueClock(LongSupplier nanoTime, LongSupplier epochMs) {
        this.nanoTime = nanoTime;
        this.epochMs = epochMs;
        tick();
    }

    void tick() {
        nowNs = nanoTime.getAsLong();
        nowMs = epochMs.getAsLong();
    }

    long nowNs() {
        return nowNs;
    }

    long nowMs() {
        return nowMs;
    }

    long toEpochMs(long ns) {
        return nowMs + Math.floorDiv(ns - nowNs, 1_000_000L);
    }

    long toNs(long epochMillis) {
        return nowNs + (epochMillis - nowMs) * 1_000_000L;
    }
}

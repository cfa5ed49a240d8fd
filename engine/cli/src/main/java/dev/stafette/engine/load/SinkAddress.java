// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address of a sink, with the connections it has.
 * Thread: any.
 */
final class SinkAddress {
    private final boolean isDeferring;
    private final int connectionsMax;
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final AtomicInteger peakCount = new AtomicInteger();

    SinkAddress(boolean isDeferring, int connectionsMax) {
        this.isDeferring = isDeferring;
        this.connectionsMax = connectionsMax;
    }

    boolean isDeferring() {
        return isDeferring;
    }

    /** False when there are as many as there may be. */
    boolean tryConnect() {
        int count = connectionCount.incrementAndGet();
        if (count > connectionsMax) {
            connectionCount.decrementAndGet();
            return false;
        }
        peakCount.accumulateAndGet(count, Math::max);
        return true;
    }

    void disconnect() {
        connectionCount.decrementAndGet();
    }

    int peakCount() {
        return peakCount.get();
    }
}

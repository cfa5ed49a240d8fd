// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

/**
 * Whether a service is under stress, short of sessions: Postfix's {@code stress}.
 * Thread: one loop, which the service chooses, but for {@link #isOn}: any. Time is passed in.
 *
 * <pre>
 * calm     → stressed   the service is full
 * stressed → calm       it has not been full for the hold time
 * </pre>
 */
final class Stress {
    // Owned by the loop; the first is read by all.
    private volatile boolean on;
    private long fullNs;
    private boolean warned;
    private long warnedNs;

    boolean isOn() {
        return on;
    }

    /** The service is full at this moment. True: stress begins. */
    boolean onFull(long nowNs) {
        fullNs = nowNs;
        boolean begins = !on;
        on = true;
        return begins;
    }

    /** Whether that no more sessions fit is to be said: not again within the hold time. */
    boolean tryWarn(long nowNs, long holdNs) {
        if (warned && nowNs - warnedNs < holdNs) {
            return false;
        }
        warned = true;
        warnedNs = nowNs;
        return true;
    }

    /** Ends it when it is time. Returns how long to wait before asking again; 0: it has ended. */
    long tryEnd(long nowNs, long holdNs) {
        long leftNs = fullNs + holdNs - nowNs;
        if (leftNs > 0) {
            return leftNs;
        }
        on = false;
        return 0;
    }
}

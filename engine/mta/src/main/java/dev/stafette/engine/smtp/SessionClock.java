// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.concurrent.TimeUnit;

/**
 * How long a client may still take: {@code smtpd_timeout} for the next bytes, or with {@code smtpd_per_request_deadline}
 * for a whole command, where bytes of a message buy time at {@code smtpd_min_data_rate}.
 * Thread: event loop. Time is passed in.
 *
 * <p>As in Postfix, it measures the client alone: what a table or the disk takes is not counted.
 */
final class SessionClock {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    // Owned by the loop.
    private SessionLimits limits;
    private long timeoutNs;
    private long endNs;

    SessionClock(SessionLimits limits, long nowNs) {
        this.limits = limits;
        this.timeoutNs = limits.timeout().toNanos();
        restart(nowNs);
    }

    /** Restarts the timeout: for the next command, or for a message. */
    void restart(long nowNs) {
        endNs = nowNs + timeoutNs;
    }

    /** @param isContent of a message, and not of a command */
    void onBytes(int count, boolean isContent, long nowNs) {
        if (!limits.deadlinePerRequest()) {
            restart(nowNs);
        } else if (isContent) {
            long boughtNs = count * SECOND_NS / limits.dataBytesPerSecondMin();
            endNs = Math.min(endNs + boughtNs, nowNs + timeoutNs);
        }
    }

    /** Time that the client could not use. */
    void putOff(long ns) {
        endNs += ns;
    }

    /** Stricter limits hold from now on; the deadline is moved forward if they demand it. */
    void hurry(SessionLimits stricter, long nowNs) {
        limits = stricter;
        timeoutNs = stricter.timeout().toNanos();
        endNs = Math.min(endNs, nowNs + timeoutNs);
    }

    void endAt(long ns) {
        endNs = ns;
    }

    boolean isOver(long nowNs) {
        return nowNs - endNs >= 0;
    }
}

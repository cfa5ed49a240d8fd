// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

/**
 * How long a server that failed is left alone: a second after the first failure, twice as long after each one that
 * follows, a minute at most.
 * Thread: any.
 */
final class ServerBackoff {
    static final long PAUSE_MIN_NS = 1_000_000_000L;
    static final long PAUSE_MAX_NS = 60_000_000_000L;

    private static final Failures NONE = new Failures(0, 0, 0, "");

    // Written and read by whoever uses the server; a lost race costs one attempt.
    private volatile Failures failures = NONE;

    private record Failures(int count, long failedNs, long retryNs, String why) {}

    boolean mayTry(long nowNs) {
        Failures last = failures;
        return last.count == 0 || nowNs - last.retryNs >= 0;
    }

    void succeeded() {
        if (failures != NONE) {
            failures = NONE;
        }
    }

    /** {@code beganNs}: attempts that ran side by side fail as one. */
    void failed(long beganNs, long nowNs, String why) {
        Failures last = failures;
        if (last.count > 0 && beganNs - last.failedNs < 0) {
            return;
        }
        long pauseNs = last.count > 0 ? Math.min(PAUSE_MAX_NS, 2 * (last.retryNs - last.failedNs)) : PAUSE_MIN_NS;
        failures = new Failures(last.count + 1, nowNs, nowNs + pauseNs, why);
    }

    String lastFailure() {
        return failures.why;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * Decides how many attempts a destination may have in flight, by the rules of Postfix's queue manager.
 * Thread: queue agent.
 *
 * <p>Each success adds the positive feedback to a credit, each failure takes the negative one; the window moves by whole
 * steps only. Failures also add up as cohorts, one for each window full of them; too many without a success between
 * and the destination is dead, which is a window of 0.
 *
 * <p>Postfix lets a dead destination come back with its initial window, all at once. By default it comes back on
 * probation here: with a window of 1 that grows as any other, and dead again at the first failure.
 *
 * <p>Where the transport looks ahead, so many attempts for each place of the window may wait in it. Each of them takes the
 * place of one that ends, so they change nothing of the rules; none is given to a site that has failed since its last success.
 */
final class ConcurrencyWindow {
    // Owned by the queue agent.
    private TransportSettings settings;
    private int window;
    private int busy;
    private int ahead;
    private double success;
    private double failure;
    private double failedCohorts;
    private boolean probing;

    ConcurrencyWindow(TransportSettings settings) {
        this.settings = settings;
        this.window = settings.initialConcurrency();
    }

    void reload(TransportSettings newSettings) {
        settings = newSettings;
        if (window > 0 && settings.concurrencyLimit() > 0) {
            window = Math.min(window, settings.concurrencyLimit());
        }
    }

    boolean hasRoom() {
        return window > busy || (long) window * settings.lookAhead() > ahead && failedCohorts == 0 && !probing;
    }

    boolean isDead() {
        return window == 0;
    }

    int window() {
        return window;
    }

    int busy() {
        return busy;
    }

    /** Attempts that wait in the transport for one of the busy ones to end. */
    int ahead() {
        return ahead;
    }

    void acquire() {
        assert hasRoom() : "window " + window + " busy " + busy + " ahead " + ahead;
        if (window > busy) {
            busy++;
        } else {
            ahead++;
        }
    }

    /** An attempt has ended that tells nothing of the site. */
    void release() {
        if (ahead > 0) {
            ahead--;
            return;
        }
        busy--;
        assert busy >= 0;
    }

    /** An attempt has ended, whatever became of the message, that found the site well. True when that ends its being dead. */
    boolean releaseWell() {
        boolean revived = isDead();
        failedCohorts = 0;
        probing = false;
        if (revived) {
            restart(busy);
        } else if (settings.concurrencyLimit() == 0 || settings.concurrencyLimit() > window) {
            grow();
        }
        release();
        return revived;
    }

    /** The attempt that has just ended still counts as busy: a window that traffic does not fill must not grow. */
    private void grow() {
        if (window >= busy + settings.initialConcurrency()) {
            return;
        }
        double feedback = settings.positive().at(window);
        success += feedback;
        while (success + feedback / 2 >= 1) {
            window++;
            success -= 1;
            failure = 0;
        }
        if (settings.concurrencyLimit() > 0) {
            window = Math.min(window, settings.concurrencyLimit());
        }
    }

    /** An attempt has ended that found the site unwell. True when the destination is dead from now on. */
    boolean releaseUnwell() {
        boolean alive = !isDead();
        if (alive) {
            shrink();
        }
        release();
        return alive && isDead();
    }

    private void shrink() {
        failedCohorts += 1.0 / window;
        if (settings.cohortLimit() > 0 && (probing || failedCohorts >= settings.cohortLimit())) {
            window = 0;
            return;
        }
        double feedback = settings.negative().at(window);
        failure -= feedback;
        while (failure - feedback / 2 < 0) {
            window--;
            success = 0;
            failure += 1;
        }
        window = Math.max(window, 1);
    }

    /** The rest of a dead destination is over. */
    void revive(boolean probe) {
        failedCohorts = 0;
        probing = probe;
        restart(probe ? 1 : busy);
    }

    private void restart(int newWindow) {
        window = newWindow > 0 ? newWindow : settings.initialConcurrency();
        success = 0;
        failure = 0;
    }

    /** Nothing waits and nothing is in flight: as Postfix, start anew with the next recipient, unless on probation. */
    void forget() {
        if (!probing && !isDead()) {
            failedCohorts = 0;
            restart(0);
        }
    }
}

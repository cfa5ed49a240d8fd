// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import java.util.HashSet;
import java.util.Set;

/**
 * Deliveries that a transport has under way: its end waits for theirs, since what has been delivered must be told.
 * Thread: any.
 */
final class RunningDeliveries {
    /** Locks of mailboxes, and programs that are told to end, take their time. */
    private static final long STOP_MS_MAX = 10_000;

    // Guarded by this.
    private final Set<Thread> waiting = new HashSet<>();
    private int runningCount;
    private boolean stopped;

    /** False: it is too late to begin. */
    synchronized boolean enter() {
        if (!stopped) {
            runningCount++;
        }
        return !stopped;
    }

    synchronized void leave() {
        runningCount--;
        notifyAll();
    }

    /** From here on it waits for a program alone: it may be interrupted, which a file that is written would not survive. */
    synchronized void enterProgram() {
        waiting.add(Thread.currentThread());
        if (stopped) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void leaveProgram() {
        waiting.remove(Thread.currentThread());
        if (stopped) {
            // It was for the program.
            Thread.interrupted();
        }
    }

    /** Programs are told to end; what is written to files goes on. Waits a bounded time for all of it. */
    synchronized void stop() {
        stopped = true;
        waiting.forEach(Thread::interrupt);
        long endNs = System.nanoTime() + STOP_MS_MAX * 1_000_000;
        try {
            for (long leftMs = STOP_MS_MAX; runningCount > 0 && leftMs > 0; ) {
                wait(leftMs);
                leftMs = (endNs - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import java.util.HashSet;
import java.util.Set;

/**
 * The threads that wait for a program, so that they can be told not to.
 * Thread: any.
 */
final class RunningThreads {
    /** How long programs that are told to end may take to do so. */
    private static final long STOP_MS_MAX = 10_000;

    // Guarded by this.
    private final Set<Thread> running = new HashSet<>();
    private boolean stopped;

    /** False: it is too late to begin. */
    synchronized boolean enter() {
        if (!stopped) {
            running.add(Thread.currentThread());
        }
        return !stopped;
    }

    synchronized void leave() {
        running.remove(Thread.currentThread());
        if (stopped) {
            // What a pool's thread does next is none of this.
            Thread.interrupted();
            notifyAll();
        }
    }

    /** Interrupts them and waits for their end, a bounded time. */
    synchronized void stop() {
        stopped = true;
        running.forEach(Thread::interrupt);
        long endNs = System.nanoTime() + STOP_MS_MAX * 1_000_000;
        try {
            for (long leftMs = STOP_MS_MAX; !running.isEmpty() && leftMs > 0; ) {
                wait(leftMs);
                leftMs = (endNs - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

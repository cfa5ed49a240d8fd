// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that writes what others gather.
 * Thread: it is one; the methods are for any.
 *
 * <p>While something comes it naps between blocks, so that nobody has to wake it and blocks are large; when nothing has come for
 * some naps it parks and says so, and then costs nothing until it is woken or there is something to do without that.
 */
public final class WriterThread implements AutoCloseable {
    private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int NAPS_BEFORE_PARK = 10;
    private static final long CLOSE_WAIT_MS = 5_000;
    /** So much at a time: when the whole process has stood still, the thread had no time to write, and none was waited. */
    private static final long CLOSE_SLICE_MS = 100;

    private final Thread thread;
    private final Writing writing;

    /** Written by the thread, read by those that bring something. */
    private volatile boolean isParked;

    /** Written by whoever closes, read by the thread. */
    private volatile boolean isClosing;

    /** What it does. Thread: that of the writer. */
    public interface Writing {
        /** Returns whether there was anything. */
        boolean writeGathered();

        /** Nothing has come since. Whoever brings something must make it visible by a full fence before looking at the thread. */
        boolean isIdle();

        /** For how long there is nothing to do if nothing comes; Long.MAX_VALUE: for ever. */
        long restNs();

        /** Everything has been written. */
        void end();
    }

    public WriterThread(String name, Writing writing) {
        this.thread = new Thread(this::run, name);
        this.writing = writing;
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    public void wakeIfParked() {
        if (isParked) {
            wake();
        }
    }

    public void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        int idleCount = 0;
        while (!isClosing) {
            idleCount = writing.writeGathered() ? 0 : idleCount + 1;
            if (idleCount < NAPS_BEFORE_PARK) {
                LockSupport.parkNanos(this, NAP_NS);
            } else {
                parkUntilWoken();
            }
        }
        writing.writeGathered();
        writing.end();
    }

    private void parkUntilWoken() {
        isParked = true;
        // The fence of those that bring something is on their side, so one of the two sees the other.
        if (writing.isIdle() && !isClosing) {
            long restNs = writing.restNs();
            if (restNs == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, restNs);
            }
        }
        isParked = false;
    }

    /** Has it write what has come before, for which it waits some time. */
    @Override
    public void close() {
        isClosing = true;
        wake();
        try {
            for (long waitedMs = 0; waitedMs < CLOSE_WAIT_MS && !hasEnded(); waitedMs += CLOSE_SLICE_MS) {
                thread.join(CLOSE_SLICE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has come to its end. */
    public boolean hasEnded() {
        return !thread.isAlive();
    }
}

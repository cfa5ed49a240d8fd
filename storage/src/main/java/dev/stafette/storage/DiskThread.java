// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Does what may wait for the disk and nobody waits for: it makes and deletes generations, fills reserve and ballast, reads for
 * checkpoints and compaction.
 * Thread: {@code disk}, which this class runs; {@link #submit} and {@link #poll} are the queue agent's.
 */
final class DiskThread implements DiskTasks, AutoCloseable {
    /** Each kind of task is under way once at most, so that there are never many. */
    static final int TASKS_MAX = 16;

    private static final long STOP_MS_MAX = 30_000;

    private final Runnable wakeAgent;
    private final OneToOneConcurrentArrayQueue<Task> tasks = new OneToOneConcurrentArrayQueue<>(TASKS_MAX);
    private final OneToOneConcurrentArrayQueue<Done> done = new OneToOneConcurrentArrayQueue<>(TASKS_MAX);
    private final Thread thread = new Thread(this::run, "disk");

    // Owned by the queue agent: tasks of which it has not done what follows.
    private int outstandingCount;

    /** Written by the thread, read by the agent. */
    private volatile boolean parked;

    /** Written by the agent, read by the thread. */
    private volatile boolean closed;

    private record Done(Runnable next, @Nullable StorageException failure) {}

    DiskThread(Runnable wakeAgent) {
        this.wakeAgent = wakeAgent;
    }

    void start() {
        thread.start();
    }

    @Override
    public void submit(Task task) {
        if (++outstandingCount > TASKS_MAX || !tasks.offer(task)) {
            throw new IllegalStateException("more than " + TASKS_MAX + " tasks for the disk");
        }
        // The task must be visible before it is read whether the thread sleeps, else the two miss each other.
        VarHandle.fullFence();
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    boolean isIdle() {
        return outstandingCount == 0;
    }

    /** Whether {@link #poll} has something to do. */
    boolean hasDone() {
        return !done.isEmpty();
    }

    /** Does what follows of finished tasks; returns how many there were. */
    int poll() {
        if (outstandingCount == 0) {
            return 0;
        }
        int count = 0;
        for (Done one = done.poll(); one != null; one = done.poll()) {
            outstandingCount--;
            count++;
            if (one.failure() != null) {
                throw one.failure();
            }
            one.next().run();
        }
        return count;
    }

    private void run() {
        while (!closed) {
            Task task = tasks.poll();
            if (task != null) {
                done.offer(perform(task));
                wakeAgent.run();
                continue;
            }
            parked = true;
            if (tasks.isEmpty() && !closed) {
                LockSupport.park(this);
            }
            parked = false;
        }
    }

    private static Done perform(Task task) {
        try {
            return new Done(task.run(), null);
        } catch (StorageException e) {
            return new Done(() -> {}, e);
        } catch (IOException | RuntimeException | InternalError e) {
            return new Done(() -> {}, new StorageException(String.valueOf(e.getMessage()), e));
        }
    }

    /** Waits for the task that is under way, and hands its result over; what had not begun is not done. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MS_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Done one = done.poll(); one != null; one = done.poll()) {
            one.next().run();
        }
    }
}

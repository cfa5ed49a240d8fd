// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one table that blocks: started on demand, up to a limit, and gone when they have been idle for a while,
 * so that nobody has to close them and a table that is still asked after a reload goes on to answer.
 * Thread: any.
 */
public final class TableThreads {
    static final long IDLE_SECONDS_MAX = 60;

    private final ThreadPoolExecutor threads;

    /** {@code table}: stands in the names of the threads. */
    public TableThreads(String table, int threadsMax, int waitingMax) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                threadsMax,
                threadsMax,
                IDLE_SECONDS_MAX,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waitingMax),
                task -> {
                    Thread thread = new Thread(task, "lookup " + table + " " + number.getAndIncrement());
                    // The process does not stay for a server that does not answer.
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** False when too many tasks wait. */
    public boolean tryExecute(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Nobody wants it any more; it makes room if it has not begun. */
    void forget(Runnable task) {
        threads.remove(task);
    }

    int liveCount() {
        return threads.getPoolSize();
    }
}

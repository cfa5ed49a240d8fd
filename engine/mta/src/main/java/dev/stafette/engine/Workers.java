// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads for what may block.
 * Thread: any. Its queue needs no bound of its own: sessions, the scheduler's windows and the limit on reports bound what
 * is asked.
 */
final class Workers implements Executor, AutoCloseable {
    private static final long STOP_SECONDS_MAX = 10;

    /** As many as Postfix has processes of one kind by default (default_process_limit). */
    private static final int DELIVERIES_MAX = 100;

    private final ThreadPoolExecutor threads;

    private Workers(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                count,
                count,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, name + number.getAndIncrement()));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Reading back old messages, composing reports, native look-ups. */
    static Workers ofDisk() {
        return new Workers("worker-", 2);
    }

    /** What waits for locks of mailboxes, their disk, and programs of users, each for its own. */
    static Workers ofDeliveries() {
        return new Workers("delivery-", DELIVERIES_MAX);
    }

    /** What is all arithmetic. */
    static Workers ofProcessors(String name) {
        return new Workers(name, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

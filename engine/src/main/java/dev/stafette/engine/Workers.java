// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads for what may block: reading back old messages, composing reports, native look-ups.
 * Thread: any. Its queue needs no bound of its own: the scheduler's windows and the limit on reports bound what is asked.
 */
final class Workers implements Executor, AutoCloseable {
    private static final int COUNT = 2;
    private static final long STOP_SECONDS_MAX = 10;

    private final ThreadPoolExecutor threads;

    Workers() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                COUNT,
                COUNT,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "worker-" + number.getAndIncrement()));
        threads.allowCoreThreadTimeOut(true);
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

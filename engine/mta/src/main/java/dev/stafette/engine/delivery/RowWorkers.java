// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers of one row of master.cf: as many deliveries at a time, to all destinations together, as Postfix would have
 * processes for the row (maxproc). The rest wait in their order.
 * Thread: any.
 */
final class RowWorkers implements Executor {
    private final Executor workers;
    private final int most;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    RowWorkers(Executor workers, int most) {
        this.workers = workers;
        this.most = most;
    }

    /** The workers themselves where the row has no limit. */
    static Executor of(Executor workers, ServiceRow row, Settings settings) {
        int most = row.processesMax() == ServiceRow.PROCESSES_DEFAULT
                ? settings.count("default_process_limit")
                : row.processesMax();
        return most == 0 ? workers : new RowWorkers(workers, most);
    }

    @Override
    public void execute(Runnable delivery) {
        waiting.add(delivery);
        begin();
    }

    private void begin() {
        while (!waiting.isEmpty() && tryEnter()) {
            Runnable next = waiting.poll();
            if (next == null) {
                // Another thread was faster; what has come since then is for the next round.
                running.decrementAndGet();
                continue;
            }
            workers.execute(() -> run(next));
        }
    }

    private boolean tryEnter() {
        int now = running.get();
        while (now < most) {
            if (running.compareAndSet(now, now + 1)) {
                return true;
            }
            now = running.get();
        }
        return false;
    }

    private void run(Runnable delivery) {
        try {
            delivery.run();
        } finally {
            running.decrementAndGet();
            begin();
        }
    }
}

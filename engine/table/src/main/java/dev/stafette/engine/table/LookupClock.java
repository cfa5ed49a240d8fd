// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rings when a lookup has had its time. Its thread is there while something is due.
 * Thread: any.
 */
final class LookupClock {
    private static final long IDLE_SECONDS_MAX = 1;

    /** Guarded by this. Null until a lookup is waited for: a command never does. */
    private @Nullable ScheduledThreadPoolExecutor thread;

    Future<?> ring(Runnable task, long delayMs) {
        return thread().schedule(task, delayMs, TimeUnit.MILLISECONDS);
    }

    private synchronized ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor known = thread;
        if (known == null) {
            known = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "lookup-clock");
                thread.setDaemon(true);
                return thread;
            });
            known.setRemoveOnCancelPolicy(true);
            known.setKeepAliveTime(IDLE_SECONDS_MAX, TimeUnit.SECONDS);
            known.allowCoreThreadTimeOut(true);
            thread = known;
        }
        return known;
    }
}

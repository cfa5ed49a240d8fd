// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections of a service are screened, and whether that is so many that they must be quick.
 * Thread: any.
 */
final class ScreenLoad {
    private final AtomicInteger count = new AtomicInteger();

    /** Written by who comes or goes, read by all. */
    private volatile boolean stressed;

    boolean isStressed() {
        return stressed;
    }

    int count() {
        return count.get();
    }

    void enter(ScreenSettings.Limits limits, ScreenLog log) {
        int now = count.incrementAndGet();
        if (!stressed && now >= limits.stressFrom()) {
            stressed = true;
            log.stressBegins(now);
        }
    }

    void leave(ScreenSettings.Limits limits, ScreenLog log) {
        int now = count.decrementAndGet();
        if (stressed && now <= limits.stressTo()) {
            stressed = false;
            log.stressEnds(now);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sessions of all services together, which must leave descriptors to the rest of the process.
 * Thread: any.
 */
final class SessionRoom {
    private final int sessionsMax;
    private final AtomicInteger sessionCount = new AtomicInteger();
    private final List<SmtpService> services = new CopyOnWriteArrayList<>();

    SessionRoom(int sessionsMax) {
        this.sessionsMax = sessionsMax;
    }

    int sessionsMax() {
        return sessionsMax;
    }

    /** It will be told when there is room again. */
    void add(SmtpService service) {
        services.add(service);
    }

    void enter() {
        sessionCount.incrementAndGet();
    }

    void leave() {
        if (sessionCount.getAndDecrement() == sessionsMax) {
            services.forEach(SmtpService::updateAccepting);
        }
    }

    boolean isFull() {
        return sessionCount.get() >= sessionsMax;
    }
}

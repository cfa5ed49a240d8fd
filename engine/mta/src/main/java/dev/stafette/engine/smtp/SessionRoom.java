// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sessions of all services together, which must leave descriptors to the rest of the process.
 * Thread: any.
 */
public final class SessionRoom {
    private final int sessionsMax;
    private final AtomicInteger sessionCount = new AtomicInteger();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    SessionRoom(int sessionsMax) {
        this.sessionsMax = sessionsMax;
    }

    int sessionsMax() {
        return sessionsMax;
    }

    /** {@code onRoom}: run when there is room again. */
    public void add(Runnable onRoom) {
        listeners.add(onRoom);
    }

    public void enter() {
        sessionCount.incrementAndGet();
    }

    public void leave() {
        if (sessionCount.getAndDecrement() == sessionsMax) {
            listeners.forEach(Runnable::run);
        }
    }

    public boolean isFull() {
        return sessionCount.get() >= sessionsMax;
    }
}

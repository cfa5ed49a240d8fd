// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many sessions a service has, and whether that is as many as it may have.
 * Thread: any.
 */
final class ServiceSessions {
    private final SessionRoom room;
    private final AtomicInteger count = new AtomicInteger();

    /** Replaced by a reload, read by the loops. */
    private volatile SessionCap cap;

    ServiceSessions(SessionRoom room, SessionCap cap) {
        this.room = room;
        this.cap = cap;
    }

    SessionCap cap() {
        return cap;
    }

    void setCap(SessionCap changed) {
        cap = changed;
    }

    /** A session begins; returns how many there are with it. */
    int enter() {
        return count.incrementAndGet();
    }

    /** A session has ended; returns how many there were with it. */
    int leave() {
        return count.getAndDecrement();
    }

    boolean isStress() {
        return isStress(count.get());
    }

    boolean isStress(int sessionCount) {
        return sessionCount >= cap.stressFrom() || room.isFull();
    }

    boolean isFull() {
        return isFull(count.get());
    }

    boolean isFull(int sessionCount) {
        return sessionCount >= cap.sessionsMax() || room.isFull();
    }

    /** At this number it stops accepting. */
    int sessionsMax() {
        return Math.min(cap.sessionsMax(), room.sessionsMax());
    }
}

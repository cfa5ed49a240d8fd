// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The part of the server that one event loop owns: its sessions.
 * Thread: event loop, but for {@link #close} and {@link #hurry}: any.
 *
 * <p>One task a tick looks for deadlines that have passed, and there is none while there are no sessions.
 */
final class ServerLoop {
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop eventLoop;
    private final LoopParts parts;
    private final Runnable tick = this::tick;

    // Owned by the loop.
    private final List<SmtpServerSession> sessions = new ArrayList<>();
    private boolean ticking;
    private long tickedNs;
    private boolean closing;
    private CountDownLatch closed = new CountDownLatch(0);

    ServerLoop(EventLoop eventLoop, LoopParts parts) {
        this.eventLoop = eventLoop;
        this.parts = parts;
    }

    LoopParts parts() {
        return parts;
    }

    void add(SmtpServerSession session) {
        session.connection().slot = sessions.size();
        sessions.add(session);
        if (!ticking) {
            ticking = true;
            tickedNs = parts.nowNs();
            eventLoop.schedule(tick, TICK_NS, TimeUnit.NANOSECONDS);
        }
        if (closing) {
            session.onShutdown();
        }
    }

    void remove(SmtpServerSession session) {
        SmtpServerSession last = sessions.remove(sessions.size() - 1);
        if (last != session) {
            last.connection().slot = session.connection().slot;
            sessions.set(last.connection().slot, last);
        }
        if (sessions.isEmpty()) {
            parts.reads().close();
            parts.replies().close();
        }
        if (closing && sessions.isEmpty()) {
            end();
        }
    }

    private void tick() {
        long nowNs = parts.nowNs();
        long sinceNs = nowNs - tickedNs;
        tickedNs = nowNs;
        // From the end: a session that goes is replaced by one that has been looked at.
        for (int i = sessions.size() - 1; i >= 0; i--) {
            if (i < sessions.size()) {
                sessions.get(i).connection().checkDeadline(nowNs, sinceNs);
            }
        }
        ticking = !sessions.isEmpty();
        if (ticking) {
            eventLoop.schedule(tick, TICK_NS, TimeUnit.NANOSECONDS);
        }
    }

    /** From now on the sessions of that service have no more time than these limits give. */
    void hurry(String service, SessionLimits stricter) {
        eventLoop.execute(() -> {
            for (SmtpServerSession session : sessions) {
                if (session.service().name().equals(service)) {
                    session.connection().hurry(stricter);
                }
            }
        });
    }

    /** Ends every session with 421. The latch is counted down when the last has ended. */
    void close(CountDownLatch done) {
        eventLoop.execute(() -> {
            closing = true;
            closed = done;
            for (SmtpServerSession session : List.copyOf(sessions)) {
                session.onShutdown();
            }
            if (sessions.isEmpty()) {
                end();
            }
        });
    }

    private void end() {
        closed.countDown();
    }

    /** What has not ended in time is cut off. */
    void abort() {
        eventLoop.execute(() -> {
            for (SmtpServerSession session : List.copyOf(sessions)) {
                session.connection().abort();
            }
        });
    }
}

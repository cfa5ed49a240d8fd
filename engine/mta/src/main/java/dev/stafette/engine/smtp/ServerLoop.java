// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.metrics.Meter;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The part of the server that one event loop owns: its sessions, and what they share.
 * Thread: event loop, but for {@link #close} and {@link #hurry}: any.
 *
 * <p>One task a tick looks for deadlines that have passed, and there is none while there are no sessions.
 */
final class ServerLoop {
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop eventLoop;
    private final IntakeLoop intake;
    private final ClientNames names;
    private final Executor lookups;
    private final Meter meter;
    private final LongSupplier nanoClock;
    private final LongSupplier epochMs;
    private final Runnable tick = this::tick;

    // Owned by the loop.
    private final List<SmtpServerSession> sessions = new ArrayList<>();
    private boolean ticking;
    private long tickedNs;
    private boolean closing;
    private CountDownLatch closed = new CountDownLatch(0);

    /** @param lookups for tables that may have to be waited for */
    ServerLoop(
            EventLoop eventLoop,
            IntakeLoop intake,
            ClientNames names,
            Executor lookups,
            Meter meter,
            LongSupplier nanoClock,
            LongSupplier epochMs) {
        this.eventLoop = eventLoop;
        this.intake = intake;
        this.names = names;
        this.lookups = lookups;
        this.meter = meter;
        this.nanoClock = nanoClock;
        this.epochMs = epochMs;
    }

    IntakeLoop intake() {
        return intake;
    }

    ClientNames names() {
        return names;
    }

    Executor lookups() {
        return lookups;
    }

    Meter meter() {
        return meter;
    }

    long nowNs() {
        return nanoClock.getAsLong();
    }

    long epochMs() {
        return epochMs.getAsLong();
    }

    void add(SmtpServerSession session) {
        session.connection().slot = sessions.size();
        sessions.add(session);
        if (!ticking) {
            ticking = true;
            tickedNs = nowNs();
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
        if (closing && sessions.isEmpty()) {
            end();
        }
    }

    private void tick() {
        long nowNs = nowNs();
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
                if (session.serviceName().equals(service)) {
                    session.connection().hurry(stricter);
                }
            }
        });
    }

    /** Says goodbye to every session. The latch is counted down when the last has ended. */
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

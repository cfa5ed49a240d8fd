// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * The way into a service of a {@code pass} row: takes connections that a screen has accepted, as many as the service may
 * have sessions. The others wait here, in the order in which they came.
 * Thread: any.
 */
public final class PassGate {
    /**
     * One who comes.
     *
     * @param client who it is, whoever speaks for it
     */
    public record Passed(Channel channel, InetSocketAddress client, Screen screen) {}

    /** Gives up a connection. Thread: its loop. */
    public interface Screen {
        /** From now on the session reads. What the client has said already is the caller's. */
        ByteBuf release();
    }

    private final ServiceSessions sessions;
    private final ServiceStress stress;
    private final BiConsumer<Passed, ByteBuf> opener;
    private final Queue<Passed> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();

    /** {@code opener}: begins a session, on the loop of its connection; the second takes what the client has said. */
    PassGate(ServiceSessions sessions, ServiceStress stress, BiConsumer<Passed, ByteBuf> opener) {
        this.sessions = sessions;
        this.stress = stress;
        this.opener = opener;
    }

    /** Who has passed and has no session yet. */
    public int waitingCount() {
        return waitingCount.get();
    }

    /** Its session begins as soon as there is room, perhaps now. On the loop of the connection. */
    public void take(Passed passed) {
        if (waiting.isEmpty() && tryEnter()) {
            begin(passed);
            return;
        }
        waitingCount.incrementAndGet();
        waiting.add(passed);
        passed.channel().closeFuture().addListener(closed -> {
            if (waiting.remove(passed)) {
                waitingCount.decrementAndGet();
            }
        });
        admit();
    }

    /** There may be more room. */
    void admit() {
        while (!waiting.isEmpty() && tryEnter()) {
            Passed next = waiting.poll();
            if (next == null) {
                sessions.leave();
                continue;
            }
            waitingCount.decrementAndGet();
            if (next.channel().eventLoop().inEventLoop()) {
                begin(next);
            } else {
                next.channel().eventLoop().execute(() -> begin(next));
            }
        }
    }

    private boolean tryEnter() {
        int count = sessions.enter();
        if (sessions.isStress(count)) {
            stress.onStress();
        }
        if (count <= sessions.cap().sessionsMax()) {
            return true;
        }
        sessions.leave();
        return false;
    }

    private void begin(Passed passed) {
        if (!passed.channel().isActive()) {
            onEnded();
            return;
        }
        passed.channel().closeFuture().addListener(closed -> onEnded());
        opener.accept(passed, passed.screen().release());
    }

    private void onEnded() {
        int count = sessions.leave();
        if (sessions.isStress(count)) {
            stress.onStress();
        }
        admit();
    }
}

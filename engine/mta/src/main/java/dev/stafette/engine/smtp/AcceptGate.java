// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The handler of a service's listeners: counts connections, and stops accepting at the limit, or when accepting
 * fails.
 * Thread: the listener's loop, but for {@link #updateAccepting()}: any.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
    /** Without file descriptors the next try would fail at once, too. */
    private static final long REST_MS = 1000;

    /** Between two log lines about it. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final ServiceSessions sessions;
    private final SessionRoom room;
    private final ServiceStress stress;
    private final Supplier<ServiceTerms> terms;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong toldNs = new AtomicLong(System.nanoTime() - SILENCE_NS);

    AcceptGate(ServiceSessions sessions, SessionRoom room, ServiceStress stress, Supplier<ServiceTerms> terms) {
        this.sessions = sessions;
        this.room = room;
        this.stress = stress;
        this.terms = terms;
    }

    void add(Channel listener) {
        listeners.add(listener);
    }

    List<Channel> listeners() {
        return listeners;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        onAccepted(ctx.channel(), (Channel) accepted);
        ctx.fireChannelRead(accepted);
    }

    /** It counts at once, and no more is accepted before there is one too many. */
    private void onAccepted(Channel listener, Channel accepted) {
        int count = sessions.enter();
        room.enter();
        accepted.closeFuture().addListener(closed -> onClosed());
        if (sessions.isStress(count)) {
            stress.onStress();
        }
        if (sessions.isFull(count)) {
            updateAccepting(listener);
        }
    }

    private void onClosed() {
        int count = sessions.leave();
        if (sessions.isStress(count)) {
            stress.onStress();
        }
        if (count == sessions.cap().sessionsMax()) {
            updateAccepting();
        }
        room.leave();
    }

    /** On the listener's loop: what is set last there has looked at the count last. */
    void updateAccepting() {
        for (Channel listener : listeners) {
            listener.eventLoop().execute(() -> updateAccepting(listener));
        }
    }

    private void updateAccepting(Channel listener) {
        listener.config().setAutoRead(!sessions.isFull());
    }

    /** Not passed on: Netty would resume accepting, whether there is room or not. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Channel listener = ctx.channel();
        listener.config().setAutoRead(false);
        listener.eventLoop().schedule(() -> updateAccepting(listener), REST_MS, TimeUnit.MILLISECONDS);
        long nowNs = System.nanoTime();
        long lastNs = toldNs.get();
        if (nowNs - lastNs >= SILENCE_NS && toldNs.compareAndSet(lastNs, nowNs)) {
            terms.get().log().acceptFailed(reason(cause));
        }
    }

    /** The system's error text, without the native call's name and number. */
    private static String reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        return text.substring(text.lastIndexOf(": ") + 1).strip();
    }
}

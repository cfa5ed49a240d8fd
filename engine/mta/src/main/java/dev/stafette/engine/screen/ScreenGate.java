// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.smtp.SessionRoom;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The handler of the listeners: stops accepting when the process has no room for connections, or when accepting fails.
 * Thread: the listener's loop, but for {@link #updateAccepting()}: any.
 */
@Sharable
final class ScreenGate extends ChannelInboundHandlerAdapter {
    /** Without file descriptors the next try would fail at once, too. */
    private static final long REST_MS = 1000;

    /** Between two log lines about it. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final SessionRoom room;
    private final Consumer<String> warnings;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong toldNs = new AtomicLong(System.nanoTime() - SILENCE_NS);

    ScreenGate(SessionRoom room, Consumer<String> warnings) {
        this.room = room;
        this.warnings = warnings;
        room.add(this::updateAccepting);
    }

    void add(Channel listener) {
        listeners.add(listener);
    }

    List<Channel> listeners() {
        return listeners;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        room.enter();
        ((Channel) accepted).closeFuture().addListener(closed -> room.leave());
        if (room.isFull()) {
            updateAccepting(ctx.channel());
        }
        ctx.fireChannelRead(accepted);
    }

    private void updateAccepting() {
        for (Channel listener : listeners) {
            listener.eventLoop().execute(() -> updateAccepting(listener));
        }
    }

    private void updateAccepting(Channel listener) {
        listener.config().setAutoRead(!room.isFull());
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
            warnings.accept("accept connection: " + cause.getMessage());
        }
    }
}

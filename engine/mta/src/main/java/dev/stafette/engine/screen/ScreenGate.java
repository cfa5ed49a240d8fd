// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.smtp.Listeners;
import dev.stafette.engine.smtp.SessionRoom;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/**
 * The handler of the listeners: stops accepting when the process has no room for connections, or when accepting fails.
 * Thread: the listener's loop.
 */
@Sharable
final class ScreenGate extends ChannelInboundHandlerAdapter {
    private final SessionRoom room;
    private final Listeners listeners;

    ScreenGate(SessionRoom room, Consumer<String> warnings) {
        this.room = room;
        this.listeners = new Listeners(() -> !room.isFull(), why -> warnings.accept("accept connection: " + why));
        room.add(listeners::update);
    }

    Listeners listeners() {
        return listeners;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        room.enter();
        ((Channel) accepted).closeFuture().addListener(closed -> room.leave());
        if (room.isFull()) {
            listeners.update(ctx.channel());
        }
        ctx.fireChannelRead(accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        listeners.rest(ctx.channel(), cause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Supplier;

/**
 * The handler of a service's listeners: counts connections, and stops accepting at the limit, or when accepting
 * fails.
 * Thread: the listener's loop.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
    private final ServiceSessions sessions;
    private final SessionRoom room;
    private final ServiceStress stress;
    private final Listeners listeners;

    AcceptGate(ServiceSessions sessions, SessionRoom room, ServiceStress stress, Supplier<ServiceTerms> terms) {
        this.sessions = sessions;
        this.room = room;
        this.stress = stress;
        this.listeners =
                new Listeners(() -> !sessions.isFull(), why -> terms.get().log().acceptFailed(why));
    }

    Listeners listeners() {
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
            listeners.update(listener);
        }
    }

    private void onClosed() {
        int count = sessions.leave();
        if (sessions.isStress(count)) {
            stress.onStress();
        }
        if (count == sessions.cap().sessionsMax()) {
            listeners.update();
        }
        room.leave();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        listeners.rest(ctx.channel(), cause);
    }
}

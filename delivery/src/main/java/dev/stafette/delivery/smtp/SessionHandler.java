// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Ties a channel to its session. Thread: event loop. */
final class SessionHandler extends ChannelInboundHandlerAdapter {
    private final ClientLoop loop;
    private final Peer peer;
    private final Attempt attempt;

    // Owned by the loop: null before the channel is registered.
    private @Nullable SmtpSession session;

    SessionHandler(ClientLoop loop, Peer peer, Attempt attempt) {
        this.loop = loop;
        this.peer = peer;
        this.attempt = attempt;
    }

    @Nullable
    SmtpSession session() {
        return session;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        session = new SmtpSession(loop, peer, ctx.channel(), attempt);
        loop.remember(session);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (session != null) {
            session.onConnected();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (session != null && message instanceof ByteBuf bytes) {
                session.onBytes(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (session != null && ctx.channel().isWritable()) {
            session.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (session != null) {
            session.onLost();
        }
    }

    /** A reset connection, a body that cannot be read, a mistake of ours: the session is over. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean isLost = cause instanceof IOException || cause.getCause() instanceof SSLException;
        if (session != null && isLost) {
            session.onLost();
        } else if (session != null) {
            session.abort(OutcomePolicy.internalError(cause));
        }
        ctx.close();
    }
}

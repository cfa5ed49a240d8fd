// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.smtp.SessionState.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Ties a channel to its session. Thread: event loop. */
final class SmtpServerHandler extends ChannelInboundHandlerAdapter {
    private final ServiceLoop service;
    private final ServerLoop loop;

    // Owned by the loop: null before the channel is active.
    private @Nullable SmtpServerSession session;

    SmtpServerHandler(ServiceLoop service, ServerLoop loop) {
        this.service = service;
        this.loop = loop;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress peer) {
            begin(ctx.channel(), peer);
        } else {
            // Gone before it was looked at.
            ctx.close();
        }
    }

    void begin(Channel channel, InetSocketAddress peer) {
        SmtpServerSession opened = new SmtpServerSession(service, channel, peer);
        session = opened;
        loop.add(opened);
        opened.onConnected(new CommandInput(opened));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (session != null && message instanceof ByteBuf bytes) {
                session.connection().onBytes(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (session != null) {
            session.connection().flush();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean isEnd = event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
        if (session != null && isEnd && session.state().phase() == Phase.HANDSHAKE) {
            // The JDK's engine would wait for the rest of a record.
            ctx.close();
        } else if (session != null && isEnd) {
            session.connection().onInputEnded();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (session != null && ctx.channel().isWritable()) {
            session.connection().onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        SmtpServerSession ended = session;
        if (ended != null) {
            session = null;
            ended.onClosed();
            loop.remove(ended);
        }
    }

    /** A connection that was reset is nothing to speak of; a mistake of ours ends the session, and is told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException tls) {
            onBrokenTls(tls);
        } else if (!(cause instanceof IOException)) {
            service.onMistake(cause);
        }
        ctx.close();
    }

    /** A handshake that fails says so itself; later, what comes is no record, or a forged one. */
    private void onBrokenTls(SSLException cause) {
        SmtpServerSession broken = session;
        if (broken != null && broken.state().isSecure()) {
            broken.log().warning("TLS library problem: " + cause.getMessage());
        }
    }
}

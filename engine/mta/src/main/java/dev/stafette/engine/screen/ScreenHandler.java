// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.smtp.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties a channel to its screening, once it is known whose it is. Thread: event loop. */
final class ScreenHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ScreenHandler.class);

    private final ScreenLoop loop;

    // Owned by the loop: null before the client is known.
    private @Nullable Screening screening;
    private @Nullable ProxyHeader proxy;

    ScreenHandler(ScreenLoop loop) {
        this.loop = loop;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Duration proxyTimeout = loop.settings().proxyTimeout();
        if (proxyTimeout == null) {
            begin(ctx, null, null, Unpooled.EMPTY_BUFFER);
        } else {
            proxy = new ProxyHeader();
            ctx.executor().schedule(() -> onProxyTimeout(ctx), proxyTimeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * @param client null for the other end of the channel
     * @param server null for this end of it
     * @param said what the client has said already; borrowed
     */
    private void begin(
            ChannelHandlerContext ctx,
            @Nullable InetSocketAddress client,
            @Nullable InetSocketAddress server,
            ByteBuf said) {
        proxy = null;
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress peer
                && ctx.channel().localAddress() instanceof InetSocketAddress own) {
            ScreenedConnection connection = new ScreenedConnection(
                    loop, ctx.channel(), client == null ? peer : client, server == null ? own : server);
            Screening begun = new Screening(connection, this);
            screening = begun;
            if (said.isReadable()) {
                begun.onBytes(said);
            }
            begun.begin();
        } else {
            // Gone before it was looked at.
            ctx.close();
        }
    }

    private void onProxyTimeout(ChannelHandlerContext ctx) {
        if (proxy != null && ctx.channel().isActive()) {
            refuseProxy(ctx, "timeout error");
        }
    }

    private void refuseProxy(ChannelHandlerContext ctx, String why) {
        proxy = null;
        loop.log().warning("haproxy read: " + why);
        ByteBuf out = ctx.alloc().buffer();
        ScreenReplies.NO_RESOURCES.encode(out);
        ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf bytes) {
                onBytes(ctx, bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onBytes(ChannelHandlerContext ctx, ByteBuf bytes) {
        ProxyHeader header = proxy;
        if (header == null) {
            if (screening != null) {
                screening.onBytes(bytes);
            }
            return;
        }
        switch (header.read(bytes)) {
            case MORE -> {
                // The rest comes later.
            }
            case DONE -> begin(ctx, header.peer(), header.server(), bytes);
            case BAD -> refuseProxy(ctx, header.mistake());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (screening == null) {
                ctx.close();
            } else {
                screening.onInputEnded();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Screening ended = screening;
        screening = null;
        proxy = null;
        if (ended != null) {
            ended.onClosed();
        }
    }

    /** A connection that was reset is nothing to speak of; a mistake of ours ends it, and is told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("screening ended", cause);
            loop.log().mistake(cause);
        }
        ctx.close();
    }
}

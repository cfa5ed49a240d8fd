// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.codec.address.DomainName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what name a client asks for, and puts the handler in its place that has the keys for it.
 * Thread: event loop.
 */
final class NameHandler extends AbstractSniHandler<@Nullable ServerContext> {
    /** RFC 8446 §6.2: internal_error, fatal, in a record of TLS 1.0 as each client takes it. */
    private static final byte[] INTERNAL_ERROR = {21, 3, 1, 0, 2, 2, 80};

    /** One with keys for a hybrid exchange and a ticket has some 2 KB. */
    private static final int CLIENT_HELLO_BYTES_MAX = 1 << 16;

    private final ServerContext usual;
    private final ServerNames names;
    private final ServerHandshake handshake;
    private final Duration timeout;
    private final long nowNs;

    // Owned by the loop.
    private @Nullable ScheduledFuture<?> timer;
    private boolean isOver;

    NameHandler(ServerContext usual, ServerNames names, ServerHandshake handshake, Duration timeout, long nowNs) {
        super(CLIENT_HELLO_BYTES_MAX, 0);
        this.usual = usual;
        this.names = names;
        this.handshake = handshake;
        this.timeout = timeout;
        this.nowNs = nowNs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        timer = ctx.executor()
                .schedule(
                        () -> {
                            fail(new SslHandshakeTimeoutException("no ClientHello within " + timeout));
                            ctx.close();
                        },
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        super.handlerAdded(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(new ClosedChannelException());
        super.channelInactive(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (isOver) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            super.decode(ctx, in, out);
        } catch (Exception e) {
            fail(e);
            throw e;
        }
    }

    @Override
    protected Future<@Nullable ServerContext> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        if (name == null || name.isEmpty()) {
            return ctx.executor().newSucceededFuture(null);
        }
        if (!DomainName.isHostName(name)) {
            handshake.onInvalidName(name);
            return ctx.executor().newSucceededFuture(null);
        }
        return names.find(ctx.executor(), name);
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext ctx, @Nullable String name, Future<@Nullable ServerContext> found) {
        ServerContext own = found.isSuccess() ? found.getNow() : null;
        if (isOver) {
            return;
        }
        if (!found.isSuccess()) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(INTERNAL_ERROR)).addListener(ChannelFutureListener.CLOSE);
            fail(new SSLException(String.valueOf(found.cause().getMessage())));
            return;
        }
        if (own == null && name != null && DomainName.isHostName(name)) {
            handshake.onUnknownName(name);
        }
        end();
        String matched = own == null || name == null ? "" : name;
        ChannelHandler handler =
                (own == null ? usual : own).newHandler(ctx.alloc(), nowNs, timeout, handshake, matched);
        ctx.pipeline().replace(this, null, handler);
    }

    private void fail(Throwable cause) {
        if (!isOver) {
            end();
            handshake.onFailed(cause);
        }
    }

    private void end() {
        isOver = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

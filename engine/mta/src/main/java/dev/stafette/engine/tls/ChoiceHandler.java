// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * In front of a handshake, until that is over: looks which certificate was shown, before the client's answer to it is read.
 * Thread: event loop.
 */
final class ChoiceHandler extends ChannelInboundHandlerAdapter {
    private final SslHandler handler;
    private final ChainChoice choice;

    // Owned by the loop.
    private @Nullable X509Certificate chosen;

    /** {@code handler}: is put behind this one. */
    ChoiceHandler(SslHandler handler, ChainChoice choice) {
        this.handler = handler;
        this.choice = choice;
    }

    /** Null: none, as a session goes on. */
    @Nullable
    X509Certificate chosen() {
        return chosen;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addAfter(ctx.name(), null, handler);
        handler.handshakeFuture().addListener(done -> {
            if (!ctx.isRemoved()) {
                ctx.pipeline().remove(this);
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        X509Certificate found = choice.chosen(handler.engine());
        chosen = found == null ? chosen : found;
        ctx.fireChannelRead(message);
    }
}

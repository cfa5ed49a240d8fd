// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands at the listeners of a service: tells it of every connection, and rests where none can be accepted.
 * Thread: the listener's loop.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
    /** Without descriptors the next try would fail as well, at once, and for ever. */
    private static final long REST_MS = 1000;

    /** Between two lines of the log that say so. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final SmtpService service;
    private final AtomicLong toldNs = new AtomicLong(System.nanoTime() - SILENCE_NS);

    AcceptGate(SmtpService service) {
        this.service = service;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        service.onAccepted(ctx.channel(), (Channel) accepted);
        ctx.fireChannelRead(accepted);
    }

    /** Not passed on: what Netty does would open the listener again, whether there is room or not. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Channel listener = ctx.channel();
        listener.config().setAutoRead(false);
        listener.eventLoop().schedule(() -> service.updateAccepting(listener), REST_MS, TimeUnit.MILLISECONDS);
        long nowNs = System.nanoTime();
        long lastNs = toldNs.get();
        if (nowNs - lastNs >= SILENCE_NS && toldNs.compareAndSet(lastNs, nowNs)) {
            service.log().acceptFailed(reason(cause));
        }
    }

    /** As the system words it: a native call's name and number go before. */
    private static String reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        return text.substring(text.lastIndexOf(": ") + 1).strip();
    }
}

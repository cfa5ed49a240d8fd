// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * One connection that comes to shake hands; the next one takes its place.
 * Thread: event loop.
 */
final class HandshakeSession extends ChannelInboundHandlerAdapter {
    private static final long RECONNECT_PAUSE_MS = 20;

    /** What the connections of a round share. */
    record Round(Bootstrap bootstrap, SslContext context, LongAdder done, AtomicBoolean isOver) {}

    private final Round round;

    // Owned by the event loop.
    private final StringBuilder heard = new StringBuilder();
    private boolean hasSaidHello;

    private HandshakeSession(Round round) {
        this.round = round;
    }

    static void connect(Round round) {
        if (!round.isOver().get()) {
            round.bootstrap()
                    .clone()
                    .handler(new HandshakeSession(round))
                    .connect()
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            round.bootstrap()
                                    .config()
                                    .group()
                                    .schedule(() -> connect(round), RECONNECT_PAUSE_MS, TimeUnit.MILLISECONDS);
                        }
                    });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        heard.append(in.toString(StandardCharsets.US_ASCII));
        in.release();
        // A reply is whole when its last line has a space behind the code.
        int lastLine = heard.lastIndexOf("\n", heard.length() - 2) + 1;
        if (heard.charAt(heard.length() - 1) != '\n' || heard.charAt(lastLine + 3) != ' ') {
            return;
        }
        String code = heard.substring(lastLine, lastLine + 3);
        heard.setLength(0);
        switch (code) {
            case "220" -> {
                if (hasSaidHello) {
                    shakeHands(ctx);
                } else {
                    hasSaidHello = true;
                    say(ctx, "EHLO handshake.src.test\r\n");
                }
            }
            case "250" -> say(ctx, "STARTTLS\r\n");
            default -> ctx.close();
        }
    }

    private static void say(ChannelHandlerContext ctx, String text) {
        ctx.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void shakeHands(ChannelHandlerContext ctx) {
        SslHandler handler = round.context().newHandler(ctx.alloc());
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                round.done().increment();
            }
            ctx.close();
        });
        ctx.pipeline().addFirst(handler);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connect(round);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}

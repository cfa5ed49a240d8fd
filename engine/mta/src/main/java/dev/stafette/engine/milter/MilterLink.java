// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a milter, in packets. While nobody waits for one, none is read.
 * Thread: event loop.
 */
final class MilterLink extends ChannelInboundHandlerAdapter {
    /** What libmilter takes at most, and a little more. */
    static final int PACKET_BYTES_MAX = (1 << 20) + (1 << 10);

    private static final int LENGTH_BYTES = 4;

    private final Listener listener;

    // Owned by the loop. The channel is there before anything is said.
    private @Nullable Channel opened;
    private @Nullable Future<?> timer;
    private boolean isOver;

    /** Hears what the milter says, and once at most that it says nothing any more. */
    interface Listener {
        /** Borrowed; it may be empty. */
        void onPacket(ByteBuf packet);

        void onFailure(String why);
    }

    MilterLink(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        opened = ctx.channel();
        ctx.pipeline().addFirst(new LengthFieldBasedFrameDecoder(PACKET_BYTES_MAX, 0, LENGTH_BYTES, 0, LENGTH_BYTES));
    }

    private Channel channel() {
        Channel known = opened;
        if (known == null) {
            throw new IllegalStateException("not connected");
        }
        return known;
    }

    ByteBuf newBuffer() {
        return channel().alloc().directBuffer();
    }

    /** Takes the packets. */
    ChannelFuture send(ByteBuf packets) {
        return channel().writeAndFlush(packets).addListener(done -> {
            if (!done.isSuccess()) {
                fail(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    /** A packet is waited for, so long. */
    void await(Duration max) {
        stopTimer();
        timer = channel().eventLoop().schedule(() -> fail("Connection timed out"), max.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stopTimer() {
        Future<?> running = timer;
        timer = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf packet = (ByteBuf) message;
        try {
            if (!isOver) {
                listener.onPacket(packet);
            }
        } finally {
            packet.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("Success");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean isNonsense = cause instanceof TooLongFrameException || cause instanceof CorruptedFrameException;
        fail(isNonsense ? "unreasonable packet length" : String.valueOf(cause.getMessage()));
    }

    private void fail(String why) {
        if (!isOver) {
            isOver = true;
            stopTimer();
            channel().close();
            listener.onFailure(why);
        }
    }

    /** Says the last packets, and nothing is heard of it any more. */
    void close(@Nullable ByteBuf packets) {
        stopTimer();
        if (isOver) {
            if (packets != null) {
                packets.release();
            }
            return;
        }
        isOver = true;
        if (packets == null) {
            channel().close();
        } else {
            channel().writeAndFlush(packets).addListener(ChannelFutureListener.CLOSE);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.engine.socket.ServerChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.time.Duration;
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
    private final ServerChannel channel = new ServerChannel();

    // Owned by the loop.
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
        channel.open(ctx);
        ctx.pipeline().addFirst(new LengthFieldBasedFrameDecoder(PACKET_BYTES_MAX, 0, LENGTH_BYTES, 0, LENGTH_BYTES));
    }

    ByteBuf newBuffer() {
        return channel.newBuffer();
    }

    /** Takes the packets. */
    ChannelFuture send(ByteBuf packets) {
        return channel.get().writeAndFlush(packets).addListener(done -> {
            if (!done.isSuccess()) {
                fail(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    /** A packet is waited for, so long. */
    void await(Duration max) {
        channel.after(max.toNanos(), () -> fail("Connection timed out"));
    }

    void stopTimer() {
        channel.stopTimer();
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
            channel.get().close();
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
            channel.get().close();
        } else {
            channel.get().writeAndFlush(packets).addListener(ChannelFutureListener.CLOSE);
        }
    }
}

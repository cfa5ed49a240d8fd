// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.proxy;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.engine.socket.ServerChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a filter: one question at a time, and one reply to it.
 * Thread: event loop.
 */
final class ProxyLink extends ChannelInboundHandlerAdapter {
    /** As Postfix's line_length_limit. */
    private static final int LINE_BYTES_MAX = 2048;

    private final Duration timeout;
    private final Consumer<String> onFailure;
    private final SmtpReplyDecoder replies = new SmtpReplyDecoder(LINE_BYTES_MAX);
    private final ServerChannel channel = new ServerChannel();

    // Owned by the loop.
    private @Nullable Consumer<SmtpReply> waiting;
    /** What came before it was asked for: the greeting may. */
    private @Nullable SmtpReply early;

    private boolean isOver;

    /** {@code onFailure}: hears once that nothing more comes. */
    ProxyLink(Duration timeout, Consumer<String> onFailure) {
        this.timeout = timeout;
        this.onFailure = onFailure;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel.open(ctx);
    }

    ByteBuf newBuffer() {
        return channel.newBuffer();
    }

    /** Takes the bytes; more should come when they have left. */
    ChannelFuture send(ByteBuf bytes) {
        startTimer();
        return channel.get().writeAndFlush(bytes);
    }

    void say(String line) {
        channel.get()
                .writeAndFlush(ByteBufUtil.encodeString(
                        channel.get().alloc(), CharBuffer.wrap(line + "\r\n"), StandardCharsets.UTF_8));
    }

    /** The next reply is that one's. */
    void await(Consumer<SmtpReply> listener) {
        SmtpReply known = early;
        early = null;
        if (known != null) {
            listener.accept(known);
            return;
        }
        waiting = listener;
        startTimer();
    }

    private void startTimer() {
        channel.after(timeout.toNanos(), () -> fail("timeout talking to proxy "));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (!isOver && replies.decode(in)) {
                take(replies.reply());
            }
        } finally {
            in.release();
        }
    }

    private void take(SmtpReply reply) {
        Consumer<SmtpReply> listener = waiting;
        waiting = null;
        channel.stopTimer();
        if (listener == null) {
            early = reply;
        } else {
            listener.accept(reply);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("lost connection with proxy ");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail("lost connection with proxy ");
    }

    private void fail(String what) {
        if (!isOver) {
            isOver = true;
            channel.stopTimer();
            channel.get().close();
            onFailure.accept(what);
        }
    }

    /** Nobody waits for the reply to QUIT. */
    void quit() {
        channel.stopTimer();
        if (!isOver) {
            isOver = true;
            say("QUIT");
            channel.get().writeAndFlush(newBuffer()).addListener(ChannelFutureListener.CLOSE);
        }
    }
}

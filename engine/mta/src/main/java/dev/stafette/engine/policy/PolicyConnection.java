// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.socket.ServerChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a policy server: one request at a time.
 * Thread: event loop.
 *
 * <pre>
 * idle    → asking: {@link #ask}
 * asking  → idle: the empty line that ends an answer
 * any     → closed: an error, the end of the stream, too much or unasked input, a timer
 * </pre>
 */
final class PolicyConnection extends ChannelInboundHandlerAdapter {
    /** Ours; an action is one line. */
    static final int ANSWER_BYTES_MAX = 100_000;

    private final PolicyLoop owner;
    private final long sinceNs;
    private final ServerChannel channel = new ServerChannel();

    // Owned by the loop.
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private @Nullable PolicyRequest request;
    private int requestCount;
    private int lineLength;

    PolicyConnection(PolicyLoop owner, long nowNs) {
        this.owner = owner;
        this.sinceNs = nowNs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel.open(ctx);
    }

    long sinceNs() {
        return sinceNs;
    }

    int requestCount() {
        return requestCount;
    }

    /** Nothing has come for the request, and others were answered: the server may just have given up waiting for more. */
    boolean mayBeStale() {
        return requestCount > 1 && answer.size() == 0 && lineLength == 0;
    }

    boolean isOpen() {
        return channel.get().isActive();
    }

    void ask(PolicyRequest asked, long timeoutNs) {
        request = asked;
        requestCount++;
        answer.reset();
        lineLength = 0;
        channel.after(timeoutNs, this::onTimeout);
        Channel open = channel.get();
        open.writeAndFlush(
                        ByteBufUtil.encodeString(open.alloc(), CharBuffer.wrap(asked.text()), StandardCharsets.UTF_8))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        fail(String.valueOf(written.cause().getMessage()));
                    }
                });
    }

    /** Nobody needs it for a while. */
    void rest(long idleNs) {
        channel.after(idleNs, channel.get()::close);
    }

    void close() {
        channel.stopTimer();
        channel.get().close();
    }

    private void onTimeout() {
        // Whoever is silent on one connection is so on all.
        requestCount = 1;
        fail("no answer in time");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            read(in);
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        if (request == null) {
            // It says something unasked: whatever it says next is no answer to anything.
            channel.get().close();
            return;
        }
        while (in.isReadable() && request != null) {
            byte b = in.readByte();
            if (b == '\n') {
                if (lineLength == 0) {
                    end(in.isReadable());
                    return;
                }
                lineLength = 0;
            } else {
                lineLength++;
            }
            if (answer.size() == ANSWER_BYTES_MAX) {
                fail("an answer of more than " + ANSWER_BYTES_MAX + " bytes");
                return;
            }
            answer.write(b);
        }
    }

    private void end(boolean saidMore) {
        PolicyRequest asked = request;
        request = null;
        channel.stopTimer();
        if (asked == null) {
            return;
        }
        String action = action(answer.toString(StandardCharsets.UTF_8));
        if (action == null) {
            channel.get().close();
            owner.onFailure(this, asked, "no action in the answer");
        } else {
            if (saidMore) {
                channel.get().close();
            }
            owner.onAnswer(this, asked, action);
        }
    }

    /** Null when there is none. */
    private static @Nullable String action(String lines) {
        for (String line : lines.split("\n")) {
            if (line.startsWith("action=")) {
                return line.substring("action=".length()).strip();
            }
        }
        return null;
    }

    private void fail(String why) {
        channel.stopTimer();
        PolicyRequest asked = request;
        request = null;
        channel.get().close();
        if (asked != null) {
            owner.onFailure(this, asked, why);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the connection was closed before the answer was complete");
        owner.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.loop.ReusedBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the replies to what one read brought, so that they leave in one write (RFC 2920 §3.2).
 * Thread: event loop. It holds no memory between writes.
 */
final class ReplyBuffer {
    /** More than this is not gathered. */
    private static final int GATHERED_BYTES_MAX = 8 << 10;

    private final Channel channel;
    private final ReusedBuffer source;
    private @Nullable ByteBuf out;

    ReplyBuffer(Channel channel, ReusedBuffer source) {
        this.channel = channel;
        this.source = source;
    }

    private ByteBuf out() {
        ByteBuf buf = out;
        if (buf == null) {
            buf = source.take(0);
            out = buf;
        }
        return buf;
    }

    void add(SmtpReply reply) {
        reply.encode(out());
    }

    /**
     * The reply that ends a message, put together without garbage.
     *
     * @param chunkedBytes of the message; negative: it did not come in chunks
     */
    void addQueued(String queueId, long chunkedBytes) {
        ByteBuf buf = out();
        ByteBufUtil.writeAscii(buf, "250 2.0.0 Ok: ");
        if (chunkedBytes >= 0) {
            ByteBufUtil.writeAscii(buf, chunkedBytes + " bytes ");
        }
        ByteBufUtil.writeAscii(buf, "queued as ");
        ByteBufUtil.writeAscii(buf, queueId);
        buf.writeShort('\r' << 8 | '\n');
    }

    /** The limit is reached: flush before the next reply. */
    boolean isFull() {
        return out != null && out.readableBytes() >= GATHERED_BYTES_MAX;
    }

    void flush() {
        ByteBuf buf = out;
        if (buf != null) {
            out = null;
            channel.writeAndFlush(buf, channel.voidPromise());
        }
    }

    void release() {
        ByteBuf buf = out;
        if (buf != null) {
            out = null;
            buf.release();
        }
    }
}

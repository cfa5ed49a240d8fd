// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.EOFException;
import java.io.IOException;

/**
 * Sends content that has to be converted. It is read as the channel takes it, so that a slow server holds no more
 * than a few chunks.
 * Thread: event loop.
 */
final class FilteredTransfer implements BodyTransfer {
    private static final int CHUNK_BYTES = 32 * 1024;

    private final SmtpSession session;
    private final Channel channel;
    private final MessageBody body;
    private final BodyFilter filter;
    private final Runnable onSent;

    // Owned by the loop.
    private int part;
    private int partOffset;
    private long sentBytes;
    private boolean ended;
    private boolean sentHead;

    FilteredTransfer(SmtpSession session, Attempt attempt, BodyFilter filter, Runnable onSent) {
        this.session = session;
        this.channel = session.channel();
        this.body = attempt.request().body();
        this.filter = filter;
        this.onSent = onSent;
    }

    @Override
    public void start() {
        pump();
    }

    @Override
    public void onWritable() {
        if (!ended) {
            pump();
            session.flush();
        }
    }

    private void pump() {
        try {
            while (!ended && channel.isWritable()) {
                sendChunk();
                if (session.isSecure()) {
                    // What is not encrypted yet does not count as pending.
                    session.flush();
                }
            }
        } catch (IOException unreadable) {
            ended = true;
            session.abort(OutcomePolicy.unreadable(unreadable));
        }
    }

    private void sendChunk() throws IOException {
        ByteBuf in = channel.alloc().buffer(CHUNK_BYTES);
        ByteBuf out = channel.alloc().buffer(CHUNK_BYTES + CHUNK_BYTES / 8);
        try {
            ByteBuf head = sentHead ? null : body.head();
            sentHead = true;
            if (head != null) {
                in.writeBytes(head.duplicate());
            }
            read(in, in.readableBytes());
            filter.filter(in, out);
            ended = part == body.partCount();
            if (ended) {
                filter.finish(out);
            }
            sentBytes += out.readableBytes();
            if (ended) {
                session.send(out.retain(), onSent);
            } else {
                session.send(out.retain());
            }
        } finally {
            in.release();
            out.release();
        }
    }

    /** {@code headBytes}: are there already. */
    private void read(ByteBuf in, int headBytes) throws IOException {
        int wanted = headBytes + Math.min(CHUNK_BYTES, body.partLengthBytes(part) - partOffset);
        while (in.readableBytes() < wanted) {
            long position = body.partPosition(part) + partOffset;
            int count = in.writeBytes(body.partChannel(part), position, wanted - in.readableBytes());
            if (count < 0) {
                throw new EOFException("message file ends at " + position);
            }
            partOffset += count;
        }
        if (partOffset == body.partLengthBytes(part)) {
            part++;
            partOffset = 0;
        }
    }

    @Override
    public long progress() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? sentBytes : sentBytes - pending.totalPendingWriteBytes();
    }
}

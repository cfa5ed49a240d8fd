// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends content without the final dot, and that by itself a while later: firewalls that read along miss it otherwise.
 * Thread: event loop.
 */
final class DelayedDot implements BodyTransfer {
    private final SmtpSession session;
    private final BodyTransfer content;
    private final Duration delay;
    private final Runnable onSent;

    /** {@code filter}: of the content. */
    DelayedDot(SmtpSession session, Attempt attempt, BodyFilter filter, Duration delay, Runnable onSent) {
        this.session = session;
        this.content = new FilteredTransfer(session, attempt, new WithoutDot(filter), this::onContentSent);
        this.delay = delay;
        this.onSent = onSent;
    }

    @Override
    public void start() {
        content.start();
    }

    @Override
    public void onWritable() {
        content.onWritable();
    }

    @Override
    public long progress() {
        return content.progress();
    }

    private void onContentSent() {
        session.channel().eventLoop().schedule(this::sendDot, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sendDot() {
        if (!session.isClosed()) {
            ByteBuf dot = session.channel().alloc().buffer();
            dot.writeCharSequence(".\r\n", StandardCharsets.US_ASCII);
            session.send(dot, onSent);
            session.flush();
        }
    }

    /** Holds the last bytes back, which in the end are the dot and its line's end. */
    private static final class WithoutDot implements BodyFilter {
        private static final int DOT_BYTES = 3;

        private final BodyFilter filter;
        private final byte[] held = new byte[DOT_BYTES];
        private int heldBytes;

        WithoutDot(BodyFilter filter) {
            this.filter = filter;
        }

        @Override
        public void filter(ByteBuf in, ByteBuf out) {
            out.writeBytes(held, 0, heldBytes);
            filter.filter(in, out);
            hold(out);
        }

        @Override
        public void finish(ByteBuf out) {
            out.writeBytes(held, 0, heldBytes);
            filter.finish(out);
            hold(out);
        }

        /** {@code out} has nothing of what others wrote: it is one chunk's. */
        private void hold(ByteBuf out) {
            heldBytes = Math.min(DOT_BYTES, out.readableBytes());
            out.getBytes(out.writerIndex() - heldBytes, held, 0, heldBytes);
            out.writerIndex(out.writerIndex() - heldBytes);
        }
    }
}

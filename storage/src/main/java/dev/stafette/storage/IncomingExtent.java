// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;

/**
 * A piece of a message on its way to a segment. Both buffers are taken: the listener's owner releases them when they are
 * written, or the spool when they are not.
 *
 * <p>Pieces 1, 2, … of a large message are written as they come, piece 0, which has the envelope, last and with the
 * message: until then it may still change.
 * Thread: the session's loop until it is sent; then the queue agent's, then the commit thread's.
 */
public final class IncomingExtent {
    private final long queueId;
    private final int index;
    private final ByteBuf prefix;
    private final ByteBuf content;
    private final int headerBytes;
    private final boolean withMessage;
    private final CommitListener listener;

    /**
     * @param prefix begun by {@link ExtentFormat#begin} and finished: extent header, envelope, added headers
     * @param content the rest; may be empty
     * @param headerBytes extent header and envelope, as {@code begin} returned
     * @param withMessage it is handed over together with its message, whose listener hears of it
     * @param listener of an extent that is handed over alone: told when it is on disk
     */
    public IncomingExtent(
            long queueId,
            int index,
            ByteBuf prefix,
            ByteBuf content,
            int headerBytes,
            boolean withMessage,
            CommitListener listener) {
        this.queueId = queueId;
        this.index = index;
        this.prefix = prefix;
        this.content = content;
        this.headerBytes = headerBytes;
        this.withMessage = withMessage;
        this.listener = listener;
    }

    public long queueId() {
        return queueId;
    }

    public int index() {
        return index;
    }

    public ByteBuf prefix() {
        return prefix;
    }

    public ByteBuf content() {
        return content;
    }

    public int headerBytes() {
        return headerBytes;
    }

    /** It is handed over together with its message, whose listener hears of it. */
    public boolean isWithMessage() {
        return withMessage;
    }

    public int lengthBytes() {
        return prefix.readableBytes() + content.readableBytes();
    }

    public CommitListener listener() {
        return listener;
    }

    public void release() {
        prefix.release();
        content.release();
    }
}

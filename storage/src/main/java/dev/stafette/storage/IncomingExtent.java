// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;

/**
 * A piece of a message on its way to a segment. Both buffers are taken: the listener's owner releases them when they are
 * written, or the spool when they are not.
 * Thread: the session's loop until it is sent; then the queue agent's, then the commit thread's.
 */
public final class IncomingExtent {
    private final long queueId;
    private final int index;
    private final ByteBuf prefix;
    private final ByteBuf content;
    private final int headerBytes;
    private final boolean isLast;
    private final CommitListener listener;

    /**
     * @param prefix begun by {@link ExtentFormat#begin} and finished: extent header, envelope, added headers
     * @param content the rest; may be empty
     * @param headerBytes extent header and envelope, as {@code begin} returned
     * @param listener for an extent that is not the last; the last one's is the message's
     */
    public IncomingExtent(
            long queueId,
            int index,
            ByteBuf prefix,
            ByteBuf content,
            int headerBytes,
            boolean isLast,
            CommitListener listener) {
        this.queueId = queueId;
        this.index = index;
        this.prefix = prefix;
        this.content = content;
        this.headerBytes = headerBytes;
        this.isLast = isLast;
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

    /** The extent that ends its message; its listener is the message's. */
    public boolean isLast() {
        return isLast;
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

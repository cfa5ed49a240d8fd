// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;

/**
 * The header of a stored message on its way out, and what is read of the message along with it.
 * Thread: a worker reads it; it may be used by another thread then.
 */
final class StoredHeader {
    /** Enough for most headers. */
    private static final int READ_BYTES = 4096;

    /** As much as the intake looks at. */
    private static final int HEADER_BYTES_MAX = 1 << 20;

    private final MessageBody body;
    private final HeaderFields fields = new HeaderFields();
    private final ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer(READ_BYTES);

    StoredHeader(MessageBody body) {
        this.body = body;
    }

    /** Up to its end, or as much of it as is looked at. False: nothing of the message follows. */
    boolean read(BodyCursor reader) throws IOException {
        boolean hasMore = true;
        HeaderFields.End end = HeaderFields.End.NEED_MORE;
        while (end == HeaderFields.End.NEED_MORE && hasMore && bytes.readableBytes() < HEADER_BYTES_MAX) {
            // Twice as much each time: what has been scanned is scanned again.
            hasMore = reader.read(bytes, Math.max(READ_BYTES, bytes.readableBytes()));
            end = fields.scan(bytes);
        }
        return hasMore;
    }

    HeaderFields fields() {
        return fields;
    }

    /** What was read; the header is in front. */
    ByteBuf bytes() {
        return bytes;
    }

    /** The whole header as the fields are now, with the line behind it; the caller's. */
    ByteBuf written() {
        ByteBuf head = ByteBufAllocator.DEFAULT.directBuffer(fields.textOffset() + READ_BYTES);
        int unchanged = fields.write(head);
        return head.writeBytes(bytes, unchanged, fields.textOffset() - unchanged);
    }

    /** The message with the header as the fields are now. */
    MessageBody changed() {
        ByteBuf head = ByteBufAllocator.DEFAULT.directBuffer();
        int unchanged = fields.write(head);
        ByteBuf before = body.head();
        int headBytes = before == null ? 0 : before.readableBytes();
        if (before != null && unchanged < headBytes) {
            head.writeBytes(before, before.readerIndex() + unchanged, headBytes - unchanged);
        }
        return new RewrittenBody(body, head, Math.max(unchanged, headBytes));
    }

    void release() {
        fields.clear();
        bytes.release();
    }
}

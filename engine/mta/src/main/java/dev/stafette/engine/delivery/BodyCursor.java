// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stored message from its beginning to its end.
 * Thread: a worker, which waits for the disk.
 */
final class BodyCursor {
    private final MessageBody body;

    // Owned by the worker.
    private int headBytesRead;
    private int part;
    private int partBytesRead;

    BodyCursor(MessageBody body) {
        this.body = body;
    }

    /** Appends so many bytes, fewer where the message ends. False: it has ended. */
    boolean read(ByteBuf into, int count) throws IOException {
        ByteBuf head = body.head();
        int missing = count - readHead(head, into, count);
        while (missing > 0 && part < body.partCount()) {
            int left = body.partLengthBytes(part) - partBytesRead;
            int read = left == 0 ? 0 : readPart(into, Math.min(left, missing));
            partBytesRead += read;
            missing -= read;
            if (read == left) {
                part++;
                partBytesRead = 0;
            }
        }
        return hasMore(head);
    }

    private boolean hasMore(@Nullable ByteBuf head) {
        while (part < body.partCount() && body.partLengthBytes(part) == partBytesRead) {
            part++;
            partBytesRead = 0;
        }
        return part < body.partCount() || head != null && headBytesRead < head.readableBytes();
    }

    private int readHead(@Nullable ByteBuf head, ByteBuf into, int count) {
        if (head == null) {
            return 0;
        }
        int length = Math.min(count, head.readableBytes() - headBytesRead);
        into.writeBytes(head, head.readerIndex() + headBytesRead, length);
        headBytesRead += length;
        return length;
    }

    private int readPart(ByteBuf into, int count) throws IOException {
        long position = body.partPosition(part) + partBytesRead;
        int read = into.writeBytes(body.partChannel(part), position, count);
        if (read < 0) {
            throw new EOFException("message file ends at " + position);
        }
        return read;
    }
}

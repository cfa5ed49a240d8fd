// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.loop.ReusedBuffer;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;

/** Small content in one buffer. Thread: event loop. */
final class BodyCopy {
    /** Up to this size a copy costs less than another system call and another packet. */
    private static final int BYTES_MAX = 64 << 10;

    private static final int FINAL_DOT_BYTES = 3;

    private BodyCopy() {}

    static boolean isSmall(MessageBody body) {
        return body.sizeBytes() <= BYTES_MAX;
    }

    /** The caller releases it. {@code roomBytes}: for what is to stand behind it. */
    static ByteBuf of(MessageBody body, ReusedBuffer buffer, int roomBytes) throws IOException {
        ByteBuf copy = buffer.take((int) body.sizeBytes() + FINAL_DOT_BYTES + roomBytes);
        try {
            ByteBuf head = body.head();
            if (head != null) {
                copy.writeBytes(head.duplicate());
            }
            for (int i = 0; i < body.partCount(); i++) {
                int end = copy.writerIndex() + body.partLengthBytes(i);
                long position = body.partPosition(i);
                while (copy.writerIndex() < end) {
                    int count = copy.writeBytes(body.partChannel(i), position, end - copy.writerIndex());
                    if (count <= 0) {
                        throw new EOFException("message file ends at " + position);
                    }
                    position += count;
                }
            }
            return copy;
        } catch (IOException e) {
            copy.release();
            throw e;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;

/**
 * {@code Delivered-To:} in the header of a message, by which mail that goes in circles is found.
 * Thread: the caller's, which may block.
 */
public final class DeliveredField {
    /** More header than this is not looked at. */
    private static final int HEADER_BYTES_MAX = 1 << 20;

    private static final int READ_BYTES = 8 << 10;

    private DeliveredField() {}

    /** Whether a final delivery to that address has been before; capitals make no difference. The body is borrowed. */
    public static boolean isIn(MessageBody body, MailAddress address) throws IOException {
        HeaderFields header = new HeaderFields();
        ByteBuf bytes = Unpooled.buffer(READ_BYTES);
        ByteBuf head = body.head();
        if (head != null) {
            bytes.writeBytes(head.duplicate());
        }
        int headBytes = bytes.readableBytes();
        int lengthMax = Math.min(headBytes + body.partLengthBytes(0), HEADER_BYTES_MAX);
        HeaderFields.End end = header.scan(bytes);
        while (end == HeaderFields.End.NEED_MORE && bytes.readableBytes() < lengthMax) {
            // Twice as much each time: what has been scanned is scanned again.
            int wanted = Math.max(READ_BYTES, bytes.readableBytes());
            read(body, bytes, headBytes, Math.min(wanted, lengthMax - bytes.readableBytes()));
            end = header.scan(bytes);
        }
        for (int i = header.find(HeaderName.DELIVERED_TO, 0); i >= 0; i = header.find(HeaderName.DELIVERED_TO, i + 1)) {
            if (header.value(i).strip().equalsIgnoreCase(address.external())) {
                return true;
            }
        }
        return false;
    }

    private static void read(MessageBody body, ByteBuf bytes, int headBytes, int count) throws IOException {
        int until = bytes.writerIndex() + count;
        while (bytes.writerIndex() < until) {
            long position = body.partPosition(0) + bytes.writerIndex() - headBytes;
            int read = bytes.writeBytes(body.partChannel(0), position, until - bytes.writerIndex());
            if (read < 0) {
                throw new EOFException("message file ends at " + position);
            }
        }
    }
}

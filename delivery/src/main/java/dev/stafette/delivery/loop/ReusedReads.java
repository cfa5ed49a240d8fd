// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * All connections of a loop read into one buffer, as long as their handlers release what they get. What a handler keeps is
 * its own, and the next read has another one.
 * Thread: event loop.
 */
public final class ReusedReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private final ReusedBuffer buffer;
    private final int readBytes;

    /** @param readBytes at a time, at most */
    public ReusedReads(ByteBufAllocator allocator, int readBytes) {
        this.buffer = new ReusedBuffer(allocator, readBytes);
        this.readBytes = readBytes;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator ofChannel) {
                return buffer.take(readBytes);
            }

            @Override
            public int guess() {
                return readBytes;
            }
        };
    }

    public void close() {
        buffer.close();
    }
}

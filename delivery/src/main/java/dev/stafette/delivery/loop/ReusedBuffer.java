// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One direct buffer, taken again and again. While somebody else holds it still, a socket that takes no more for one, the next
 * to come gets another one in its place.
 * Thread: event loop.
 */
public final class ReusedBuffer {
    private final ByteBufAllocator allocator;
    private final int capacityMin;

    // Owned by the loop.
    private @Nullable ByteBuf kept;

    /** @param capacityMin bytes that every buffer has */
    public ReusedBuffer(ByteBufAllocator allocator, int capacityMin) {
        this.allocator = allocator;
        this.capacityMin = capacityMin;
    }

    /** An empty one with room for that much at least, as from an allocator: whoever takes it releases it. */
    public ByteBuf take(int capacity) {
        ByteBuf last = kept;
        if (last != null && last.refCnt() == 1 && last.capacity() >= capacity) {
            return last.clear().retain();
        }
        close();
        ByteBuf buffer = allocator.directBuffer(Math.max(capacity, capacityMin));
        kept = buffer;
        return buffer.retain();
    }

    /** It may be used again: then it begins anew. */
    public void close() {
        ByteBuf last = kept;
        kept = null;
        if (last != null) {
            last.release();
        }
    }
}

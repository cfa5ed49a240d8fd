// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class ReusedBufferTest {
    private final ReusedBuffer source = new ReusedBuffer(UnpooledByteBufAllocator.DEFAULT, 16);

    @Test
    void comesBackEmptyWhenItHasBeenReleased() {
        ByteBuf first = source.take(4);
        first.writeInt(7);
        first.release();
        ByteBuf second = source.take(16);
        assertSame(first, second);
        assertEquals(0, second.readableBytes());
        second.release();
        source.close();
        assertEquals(0, second.refCnt());
    }

    @Test
    void isAnotherOneWhileItIsHeld() {
        ByteBuf held = source.take(4);
        held.writeInt(7);
        ByteBuf other = source.take(4);
        assertNotSame(held, other);
        other.writeInt(8);
        assertEquals(7, held.readInt());
        held.release();
        assertEquals(0, held.refCnt());
        other.release();
        assertSame(other, source.take(4));
    }

    @Test
    void growsToWhatIsWanted() {
        source.take(4).release();
        ByteBuf large = source.take(1000);
        assertTrue(large.capacity() >= 1000);
        large.release();
        assertSame(large, source.take(4));
    }

    @Test
    void mayBeTakenAgainAfterAClose() {
        ByteBuf held = source.take(4);
        source.close();
        assertEquals(1, held.refCnt());
        ByteBuf next = source.take(4);
        assertNotSame(held, next);
        held.release();
        next.release();
        source.close();
        assertEquals(0, next.refCnt());
    }
}

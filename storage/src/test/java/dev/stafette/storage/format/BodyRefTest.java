// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BodyRefTest {
    private static BodyRef single(int flags, int segment, int offset, int headerBytes, int contentBytes) {
        return BodyRef.of(
                flags, new int[] {segment}, new int[] {offset}, new int[] {headerBytes}, new int[] {contentBytes});
    }

    @Test
    void packsIntoTwoNumbersAndBack() {
        BodyRef[] all = {
            single(0, 1, 0, 48, 3),
            single(BodyRef.LONG_LINES | BodyRef.EIGHT_BIT, Integer.MAX_VALUE, 128 << 20, 0xffffff, Integer.MAX_VALUE),
            single(0xff, -1, Integer.MAX_VALUE, 1, 0)
        };
        for (BodyRef body : all) {
            assertEquals(body, BodyRef.unpack(body.packedA(), body.packedB()));
            assertEquals(
                    body.flags(), BodyRef.unpack(body.packedA(), body.packedB()).flags());
        }
    }

    @Test
    void countsContentWithoutTheFinalDot() {
        assertEquals(20, single(0, 1, 0, 48, 23).sizeBytes());
        assertEquals(0, single(0, 1, 0, 48, 0).sizeBytes());
        BodyRef large = BodyRef.of(0, new int[] {1, 2}, new int[2], new int[] {60, 48}, new int[] {1 << 30, 1 << 30});
        assertEquals((2L << 30) - 3, large.sizeBytes());
        assertFalse(large.isSingle());
    }

    @Test
    void tellsItsFlags() {
        assertTrue(single(BodyRef.LONG_LINES, 1, 0, 0, 0).hasLongLines());
        assertFalse(single(BodyRef.LONG_LINES, 1, 0, 0, 0).hasEightBit());
        assertTrue(single(BodyRef.EIGHT_BIT, 1, 0, 0, 0).hasEightBit());
    }
}

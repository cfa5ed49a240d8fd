// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An int for each slot of the index, 0 at first, outside the heap as the index is.
 * Thread: queue agent.
 */
final class SlotNumbers {
    private static final int PAGE_SHIFT = 14;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;

    private UnsafeBuffer[] pages = new UnsafeBuffer[4];
    private int pageCount;

    /** False when memory has run out. */
    boolean ensure(int slot) {
        int page = slot >>> PAGE_SHIFT;
        while (pageCount <= page) {
            if (!grow()) {
                return false;
            }
        }
        return true;
    }

    private boolean grow() {
        ByteBuffer memory;
        try {
            memory = ByteBuffer.allocateDirect(Integer.BYTES << PAGE_SHIFT);
        } catch (OutOfMemoryError exhausted) {
            // The bound on direct memory, and the heap is well: the index says so where it matters.
            return false;
        }
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
        }
        pages[pageCount++] = new UnsafeBuffer(memory);
        return true;
    }

    int get(int slot) {
        int page = slot >>> PAGE_SHIFT;
        return page < pageCount ? pages[page].getInt((slot & PAGE_MASK) * Integer.BYTES) : 0;
    }

    /** The slot's page is there. */
    void put(int slot, int value) {
        pages[slot >>> PAGE_SHIFT].putInt((slot & PAGE_MASK) * Integer.BYTES, value);
    }

    /** What it was; it is 0 from now on. */
    int take(int slot) {
        int value = get(slot);
        if (value != 0) {
            put(slot, 0);
        }
        return value;
    }
}

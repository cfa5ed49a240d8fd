// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records of one size outside the heap, known by their slots. It grows chunk by chunk and never shrinks; freed slots are
 * used again, the last one first.
 * Thread: queue agent.
 */
final class Slab {
    static final int NONE = -1;

    private static final int CHUNK_SHIFT = 14;
    private static final int CHUNK_RECORDS = 1 << CHUNK_SHIFT;
    private static final int CHUNK_MASK = CHUNK_RECORDS - 1;

    /** Where a free record keeps the next free slot. */
    private static final int NEXT_FREE_OFFSET = 0;

    private final int recordBytes;

    // Owned by the queue agent.
    private UnsafeBuffer[] chunks = new UnsafeBuffer[4];
    private int chunkCount;
    private int slotEnd;
    private int firstFree = NONE;
    private int freeCount;

    Slab(int recordBytes) {
        this.recordBytes = recordBytes;
    }

    /** Returns a slot whose record holds anything, or {@link #NONE} when memory has run out. */
    int allocate() {
        if (firstFree != NONE) {
            int slot = firstFree;
            firstFree = getInt(slot, NEXT_FREE_OFFSET);
            freeCount--;
            return slot;
        }
        if (slotEnd == (long) chunkCount << CHUNK_SHIFT && !grow()) {
            return NONE;
        }
        return slotEnd++;
    }

    void free(int slot) {
        putInt(slot, NEXT_FREE_OFFSET, firstFree);
        firstFree = slot;
        freeCount++;
    }

    /** Makes sure that so many records can be allocated; false when memory has run out. */
    boolean reserve(int count) {
        while (freeCount + ((long) chunkCount << CHUNK_SHIFT) - slotEnd < count) {
            if (!grow()) {
                return false;
            }
        }
        return true;
    }

    private boolean grow() {
        if ((long) (chunkCount + 1) << CHUNK_SHIFT > Integer.MAX_VALUE) {
            return false;
        }
        ByteBuffer memory;
        try {
            memory = ByteBuffer.allocateDirect(recordBytes << CHUNK_SHIFT);
        } catch (OutOfMemoryError exhausted) {
            // The bound on direct memory: an expected end of growth, and the heap is well.
            return false;
        }
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        chunks[chunkCount++] = new UnsafeBuffer(memory);
        return true;
    }

    /** All slots ever allocated are below. */
    int slotEnd() {
        return slotEnd;
    }

    long sizeBytes() {
        return (long) chunkCount * (recordBytes << CHUNK_SHIFT);
    }

    int getInt(int slot, int offset) {
        return chunks[slot >>> CHUNK_SHIFT].getInt((slot & CHUNK_MASK) * recordBytes + offset);
    }

    void putInt(int slot, int offset, int value) {
        chunks[slot >>> CHUNK_SHIFT].putInt((slot & CHUNK_MASK) * recordBytes + offset, value);
    }

    long getLong(int slot, int offset) {
        return chunks[slot >>> CHUNK_SHIFT].getLong((slot & CHUNK_MASK) * recordBytes + offset);
    }

    void putLong(int slot, int offset, long value) {
        chunks[slot >>> CHUNK_SHIFT].putLong((slot & CHUNK_MASK) * recordBytes + offset, value);
    }
}

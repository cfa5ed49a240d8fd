// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a writer has, by hash. Beyond a million they stand in a file of their own, as commands have a small heap.
 * Thread: one.
 */
final class CdbSlots implements AutoCloseable {
    private static final int FIRST_SLOTS = 1 << 10;
    private static final int HEAP_SLOTS_MAX = 1 << 20;

    /** What one mapping holds. */
    private static final int SLOTS_MAX = 1 << 27;

    private final Path scratch;

    /** A slot is hash << 32 | position; 0 when it is free, as no row is at 0. */
    private ByteBuffer slots = ByteBuffer.allocate(FIRST_SLOTS * Long.BYTES);

    private @Nullable FileChannel channel;
    private int mask = FIRST_SLOTS - 1;
    private int size;

    CdbSlots(Path scratch) {
        this.scratch = scratch;
    }

    int size() {
        return size;
    }

    /** The first slot with this hash; -1 when there is none. */
    int firstOf(int hash) {
        return search(hash, start(hash));
    }

    int nextOf(int hash, int slot) {
        return search(hash, slot + 1 & mask);
    }

    /** The low bits of the hash are those of neighbouring keys. */
    private int start(int hash) {
        int mixed = hash * 0x9e3779b9;
        return (mixed ^ mixed >>> 15) & mask;
    }

    private int search(int hash, int from) {
        int slot = from;
        for (long value = slots.getLong(slot * Long.BYTES); value != 0; value = slots.getLong(slot * Long.BYTES)) {
            if ((int) (value >>> 32) == hash) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    long positionAt(int slot) {
        return slots.getLong(slot * Long.BYTES) & CdbHash.UNSIGNED;
    }

    void set(int slot, int hash, long position) {
        slots.putLong(slot * Long.BYTES, (long) hash << 32 | position);
    }

    void add(int hash, long position) throws IOException {
        if (size + 1 > mask - (mask >>> 2)) {
            grow();
        }
        size++;
        set(free(hash), hash, position);
    }

    private int free(int hash) {
        int slot = start(hash);
        while (slots.getLong(slot * Long.BYTES) != 0) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() throws IOException {
        ByteBuffer old = slots;
        int oldCount = mask + 1;
        if (oldCount == SLOTS_MAX) {
            throw new IOException("more than " + size + " rows");
        }
        int count = oldCount * 2;
        slots = count <= HEAP_SLOTS_MAX ? ByteBuffer.allocate(count * Long.BYTES) : mapped(count * (long) Long.BYTES);
        mask = count - 1;
        for (int i = 0; i < oldCount; i++) {
            long value = old.getLong(i * Long.BYTES);
            if (value != 0) {
                set(free((int) (value >>> 32)), (int) (value >>> 32), value & CdbHash.UNSIGNED);
            }
        }
    }

    private ByteBuffer mapped(long bytes) throws IOException {
        close();
        channel = FileChannel.open(
                scratch,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
    }

    int[] countsByTable() {
        int[] counts = new int[CdbHash.TABLE_COUNT];
        forEach((hash, position) -> counts[CdbHash.tableOf(hash)]++);
        return counts;
    }

    void forEach(SlotConsumer consumer) {
        for (int i = 0; i <= mask; i++) {
            long value = slots.getLong(i * Long.BYTES);
            if (value != 0) {
                consumer.onSlot((int) (value >>> 32), value & CdbHash.UNSIGNED);
            }
        }
    }

    /** Takes one slot. */
    interface SlotConsumer {
        void onSlot(int hash, long position);
    }

    /** The mapping stays until nobody refers to it. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes a cdb file; {@link #finish} makes it whole. Needs little memory of Java's, however many rows there are.
 * Thread: one.
 */
public final class CdbWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;

    /** What 32 bits can point to. */
    private static final long FILE_BYTES_MAX = CdbHash.UNSIGNED;

    private final FileChannel channel;
    private final CdbSlots slots;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Where the buffer's first byte goes. */
    private long flushed = CdbHash.HEADER_BYTES;

    /**
     * The file is empty, and closed with this. {@code scratch}: a name for a file that is needed in between when there are
     * many rows.
     */
    public CdbWriter(FileChannel channel, Path scratch) {
        this.channel = channel;
        this.slots = new CdbSlots(scratch);
    }

    /** Returns false when the key was there before: it keeps its value, unless it is replaced. */
    public boolean put(String key, String value, boolean replaces) throws IOException {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
        int hash = CdbHash.of(keyBytes, keyBytes.length);
        int slot = slots.firstOf(hash);
        while (slot >= 0 && !hasKey(slots.positionAt(slot), keyBytes)) {
            slot = slots.nextOf(hash, slot);
        }
        if (slot >= 0 && !replaces) {
            return false;
        }
        long row = append(keyBytes, valueBytes);
        if (slot >= 0) {
            slots.set(slot, hash, row);
            return false;
        }
        slots.add(hash, row);
        return true;
    }

    private boolean hasKey(long row, byte[] key) throws IOException {
        ByteBuffer there = ByteBuffer.allocate(CdbHash.PAIR_BYTES + key.length).order(ByteOrder.LITTLE_ENDIAN);
        flush();
        while (there.hasRemaining() && channel.read(there, row + there.position()) > 0) {
            // The rest comes with the next read.
        }
        return !there.hasRemaining()
                && there.getInt(0) == key.length
                && ByteBuffer.wrap(key).equals(there.position(CdbHash.PAIR_BYTES));
    }

    private long append(byte[] key, byte[] value) throws IOException {
        int length = CdbHash.PAIR_BYTES + key.length + value.length;
        if (length > CdbFile.ROW_BYTES_MAX) {
            throw new IOException("a row of " + length + " bytes (expected: at most " + CdbFile.ROW_BYTES_MAX + ")");
        }
        if (buffer.remaining() < CdbHash.PAIR_BYTES) {
            flush();
        }
        long row = flushed + buffer.position();
        if (row + length + (slots.size() + 1L) * 2 * CdbHash.PAIR_BYTES > FILE_BYTES_MAX) {
            throw new IOException("the table gets larger than " + FILE_BYTES_MAX + " bytes");
        }
        buffer.putInt(key.length).putInt(value.length);
        append(key);
        append(value);
        return row;
    }

    private void append(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int length = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, length);
            at += length;
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            flushed += channel.write(buffer, flushed);
        }
        buffer.clear();
    }

    /** Writes the tables and the header, and waits until all of it is on the disk. */
    public void finish() throws IOException {
        flush();
        int[] counts = slots.countsByTable();
        ByteBuffer header = ByteBuffer.allocate(CdbHash.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        // Offsets within the tables.
        int[] starts = new int[CdbHash.TABLE_COUNT];
        long at = flushed;
        for (int i = 0; i < CdbHash.TABLE_COUNT; i++) {
            starts[i] = (int) (at - flushed);
            header.putInt((int) at).putInt(counts[i] * 2);
            at += counts[i] * 2L * CdbHash.PAIR_BYTES;
        }
        MappedByteBuffer tables = channel.map(FileChannel.MapMode.READ_WRITE, flushed, at - flushed);
        tables.order(ByteOrder.LITTLE_ENDIAN);
        slots.forEach((hash, row) -> {
            int table = CdbHash.tableOf(hash);
            int slotCount = counts[table] * 2;
            int slot = CdbHash.firstSlot(hash, slotCount);
            while (tables.getInt(starts[table] + slot * CdbHash.PAIR_BYTES + 4) != 0) {
                slot = slot + 1 == slotCount ? 0 : slot + 1;
            }
            tables.putInt(starts[table] + slot * CdbHash.PAIR_BYTES, hash);
            tables.putInt(starts[table] + slot * CdbHash.PAIR_BYTES + 4, (int) row);
        });
        tables.force();
        header.flip();
        while (header.hasRemaining()) {
            channel.write(header, header.position());
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        slots.close();
        channel.close();
    }
}

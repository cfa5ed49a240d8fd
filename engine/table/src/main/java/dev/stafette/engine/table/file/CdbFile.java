// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MapLine;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A cdb file, mapped. A look-up reads a slot and a row, and allocates its result only.
 * Thread: any (it does not change).
 *
 * <p>The file is never written again: a new version is another file that gets the name. The mapping goes when nobody
 * refers to it any more, as Java has it; so that a version that was replaced can be used to the end of a look-up.
 */
final class CdbFile {
    private static final int CHUNK_BITS = 30;
    private static final long CHUNK_BYTES = 1L << CHUNK_BITS;

    /** A row that starts in a chunk is read in this one; longer ones are not written. */
    static final int ROW_BYTES_MAX = 40 * 1024 * 1024;

    private static final int SCRATCH_BYTES = 1024;

    private final MappedByteBuffer[] chunks;
    private final long rowsEnd;
    private final boolean hasNul;
    private final ThreadLocal<byte[]> scratch = ThreadLocal.withInitial(() -> new byte[SCRATCH_BYTES]);

    private CdbFile(MappedByteBuffer[] chunks, long rowsEnd) {
        this.chunks = chunks;
        this.rowsEnd = rowsEnd;
        this.hasNul = hasNul();
    }

    /** Throws an {@link UnknownFormatException} for another kind of file. */
    static CdbFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < CdbHash.HEADER_BYTES) {
                throw new UnknownFormatException();
            }
            MappedByteBuffer[] chunks = new MappedByteBuffer[(int) (size + CHUNK_BYTES - 1 >> CHUNK_BITS)];
            for (int i = 0; i < chunks.length; i++) {
                long from = (long) i << CHUNK_BITS;
                chunks[i] = channel.map(
                        FileChannel.MapMode.READ_ONLY, from, Math.min(CHUNK_BYTES + ROW_BYTES_MAX, size - from));
                chunks[i].order(ByteOrder.LITTLE_ENDIAN);
            }
            return new CdbFile(chunks, rowsEnd(chunks[0], size));
        }
    }

    /** The tables follow each other and end with the file, which no other kind of file has. */
    private static long rowsEnd(MappedByteBuffer header, long size) throws UnknownFormatException {
        long rowsEnd = header.getInt(0) & CdbHash.UNSIGNED;
        long at = rowsEnd;
        for (int i = 0; i < CdbHash.TABLE_COUNT; i++) {
            long from = header.getInt(i * CdbHash.PAIR_BYTES) & CdbHash.UNSIGNED;
            if (from != at) {
                throw new UnknownFormatException();
            }
            at += (header.getInt(i * CdbHash.PAIR_BYTES + 4) & CdbHash.UNSIGNED) * CdbHash.PAIR_BYTES;
        }
        if (at != size || rowsEnd < CdbHash.HEADER_BYTES) {
            throw new UnknownFormatException();
        }
        return rowsEnd;
    }

    /** No cdb file. */
    static final class UnknownFormatException extends IOException {
        private static final long serialVersionUID = 1;

        UnknownFormatException() {
            super("not a file in cdb format");
        }
    }

    /** Other programs end keys and values with a NUL, or do not; all rows of a file are alike. */
    private boolean hasNul() {
        if (rowsEnd == CdbHash.HEADER_BYTES) {
            return false;
        }
        int keyLength = intAt(CdbHash.HEADER_BYTES);
        return keyLength > 0 && byteAt(CdbHash.HEADER_BYTES + (long) CdbHash.PAIR_BYTES + keyLength - 1) == 0;
    }

    private int intAt(long position) {
        return chunks[(int) (position >>> CHUNK_BITS)].getInt((int) (position & CHUNK_BYTES - 1));
    }

    private byte byteAt(long position) {
        return chunks[(int) (position >>> CHUNK_BITS)].get((int) (position & CHUNK_BYTES - 1));
    }

    /** The value of a key; null when there is none. {@code folds}: capitals count as small letters. */
    @Nullable
    String find(String key, boolean folds) {
        int length = key.length();
        byte[] bytes = scratch(length + 1);
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            if (c >= 128) {
                return findOther(folds ? MapLine.fold(key) : key);
            }
            bytes[i] = (byte) (folds && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        bytes[length] = 0;
        return find(bytes, hasNul ? length + 1 : length);
    }

    private @Nullable String findOther(String key) {
        byte[] bytes = (hasNul ? key + '\0' : key).getBytes(StandardCharsets.UTF_8);
        return find(bytes, bytes.length);
    }

    private byte[] scratch(int length) {
        byte[] bytes = scratch.get();
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, bytes.length * 2)];
            scratch.set(bytes);
        }
        return bytes;
    }

    private @Nullable String find(byte[] key, int length) {
        long row = rowOf(key, length);
        return row < 0 ? null : valueAt(row);
    }

    /** The position of a key's row; -1 when there is none. */
    private long rowOf(byte[] key, int length) {
        int hash = CdbHash.of(key, length);
        int entry = CdbHash.tableOf(hash) * CdbHash.PAIR_BYTES;
        long table = intAt(entry) & CdbHash.UNSIGNED;
        int slotCount = intAt(entry + 4);
        if (slotCount == 0) {
            return -1;
        }
        int slot = CdbHash.firstSlot(hash, slotCount);
        for (int i = 0; i < slotCount; i++) {
            long at = table + (long) slot * CdbHash.PAIR_BYTES;
            long row = intAt(at + 4) & CdbHash.UNSIGNED;
            if (row == 0) {
                return -1;
            }
            if (intAt(at) == hash && hasKey(row, key, length)) {
                return row;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        return -1;
    }

    private boolean hasKey(long row, byte[] key, int length) {
        MappedByteBuffer chunk = chunks[(int) (row >>> CHUNK_BITS)];
        int at = (int) (row & CHUNK_BYTES - 1);
        if (chunk.getInt(at) != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (chunk.get(at + CdbHash.PAIR_BYTES + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private String valueAt(long row) {
        return textAt(row, CdbHash.PAIR_BYTES + intAt(row), intAt(row + 4));
    }

    private String keyAt(long row) {
        return textAt(row, CdbHash.PAIR_BYTES, intAt(row));
    }

    private String textAt(long row, int offset, int length) {
        byte[] bytes = scratch(length);
        chunks[(int) (row >>> CHUNK_BITS)].get((int) (row & CHUNK_BYTES - 1) + offset, bytes, 0, length);
        int used = hasNul && length > 0 && bytes[length - 1] == 0 ? length - 1 : length;
        return new String(bytes, 0, used, StandardCharsets.UTF_8);
    }

    /** In the order they were written; a row that another one replaced is left out. */
    void forEach(ListedTable.RowConsumer consumer) {
        long row = CdbHash.HEADER_BYTES;
        while (row < rowsEnd) {
            int keyLength = intAt(row);
            byte[] key = new byte[keyLength];
            chunks[(int) (row >>> CHUNK_BITS)].get((int) (row & CHUNK_BYTES - 1) + CdbHash.PAIR_BYTES, key);
            if (rowOf(key, keyLength) == row) {
                consumer.onRow(keyAt(row), valueAt(row));
            }
            row += CdbHash.PAIR_BYTES + (long) keyLength + intAt(row + 4);
        }
    }
}

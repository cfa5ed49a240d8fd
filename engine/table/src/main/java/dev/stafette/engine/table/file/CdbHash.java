// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

/**
 * The numbers of the cdb format: 2048 bytes that say where 256 hash tables stand and how many slots each has, then the
 * rows (length of the key, length of the value, key, value), then the tables (hash, position of the row, or zero twice).
 * All numbers are 32 bits without a sign, the lowest byte first. The format is D. J. Bernstein's, described at
 * cr.yp.to/cdb/cdb.txt.
 * Thread: any (stateless).
 */
final class CdbHash {
    static final int TABLE_COUNT = 256;
    /** Of a slot, of a table's entry in the header, and of the lengths before a row. */
    static final int PAIR_BYTES = 8;

    static final int HEADER_BYTES = TABLE_COUNT * PAIR_BYTES;
    static final long UNSIGNED = 0xffff_ffffL;

    private static final int START = 5381;

    private CdbHash() {}

    static int of(byte[] key, int length) {
        int hash = START;
        for (int i = 0; i < length; i++) {
            hash = (hash << 5) + hash ^ key[i] & 0xff;
        }
        return hash;
    }

    static int tableOf(int hash) {
        return hash & TABLE_COUNT - 1;
    }

    static int firstSlot(int hash, int slotCount) {
        return Integer.remainderUnsigned(hash >>> 8, slotCount);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.util.Arrays;

/**
 * Where header fields lie, by their numbers: a few integers each, and no objects.
 * Thread: its owner's.
 */
final class FieldTable {
    static final int NO_COLON = -1;

    private static final int COLUMNS = 4;

    private final int countAtFirst;

    // Owned by the owner.
    private int[] cells;
    private int count;

    FieldTable(int countAtFirst) {
        this.countAtFirst = countAtFirst;
        this.cells = new int[countAtFirst * COLUMNS];
    }

    /** Room for more than {@code keptMax} fields is not kept. */
    void clear(int keptMax) {
        count = 0;
        if (cells.length > keptMax * COLUMNS) {
            cells = new int[countAtFirst * COLUMNS];
        }
    }

    /** Returns its number. */
    int add(int from, int colon, int to, int bits) {
        int at = count * COLUMNS;
        if (at == cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
        }
        cells[at] = from;
        cells[at + 1] = colon;
        cells[at + 2] = to;
        cells[at + 3] = bits;
        return count++;
    }

    int from(int field) {
        return cells[field * COLUMNS];
    }

    int colon(int field) {
        return cells[field * COLUMNS + 1];
    }

    int to(int field) {
        return cells[field * COLUMNS + 2];
    }

    /** Of {@link HeaderName}; 0 for a name that is none of them. */
    int bits(int field) {
        return cells[field * COLUMNS + 3];
    }
}

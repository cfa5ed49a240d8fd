// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.Arrays;

/**
 * Doubly linked lists of a slab's records, through two ints in each record. A record is in one list at most, and leaves it
 * without knowing which one it is.
 * Thread: queue agent.
 *
 * <pre>
 * link:  slot of the neighbour  |  -1: in no list  |  -2 - list: the end of that list
 * </pre>
 */
final class SlotLists {
    static final int NONE = Slab.NONE;
    private static final int END = -2;

    private final Slab slab;
    private final int previousOffset;
    private final int nextOffset;

    // Owned by the queue agent. A disposed list keeps the next free list in its head.
    private int[] heads = new int[16];
    private int[] tails = new int[16];
    private int listEnd;
    private int firstFree = NONE;

    /** @param linkOffset of the two ints in each record */
    SlotLists(Slab slab, int linkOffset) {
        this.slab = slab;
        this.previousOffset = linkOffset;
        this.nextOffset = linkOffset + Integer.BYTES;
    }

    /** To be called for each new record. */
    void init(int slot) {
        slab.putInt(slot, previousOffset, NONE);
        slab.putInt(slot, nextOffset, NONE);
    }

    int create() {
        int list = firstFree;
        if (list != NONE) {
            firstFree = heads[list];
        } else {
            list = listEnd++;
            if (list == heads.length) {
                heads = Arrays.copyOf(heads, list * 2);
                tails = Arrays.copyOf(tails, list * 2);
            }
        }
        heads[list] = NONE;
        tails[list] = NONE;
        return list;
    }

    void dispose(int list) {
        assert isEmpty(list) : "disposed with records in it";
        heads[list] = firstFree;
        firstFree = list;
    }

    boolean isEmpty(int list) {
        return heads[list] == NONE;
    }

    /** The first slot, or {@link #NONE}. */
    int first(int list) {
        return heads[list];
    }

    /** The last slot, or {@link #NONE}. */
    int last(int list) {
        return tails[list];
    }

    /** The slot ahead of this one in its list, or {@link #NONE}. */
    int previous(int slot) {
        int previous = slab.getInt(slot, previousOffset);
        return previous <= END ? NONE : previous;
    }

    /** The slot behind this one in its list, or {@link #NONE}. */
    int next(int slot) {
        int next = slab.getInt(slot, nextOffset);
        return next <= END ? NONE : next;
    }

    boolean isLinked(int slot) {
        return slab.getInt(slot, previousOffset) != NONE;
    }

    void append(int list, int slot) {
        assert !isLinked(slot) : "in a list already";
        int tail = tails[list];
        slab.putInt(slot, nextOffset, END - list);
        if (tail == NONE) {
            slab.putInt(slot, previousOffset, END - list);
            heads[list] = slot;
        } else {
            slab.putInt(slot, previousOffset, tail);
            slab.putInt(tail, nextOffset, slot);
        }
        tails[list] = slot;
    }

    void prepend(int list, int slot) {
        int head = heads[list];
        if (head == NONE) {
            append(list, slot);
            return;
        }
        assert !isLinked(slot) : "in a list already";
        slab.putInt(slot, previousOffset, END - list);
        slab.putInt(slot, nextOffset, head);
        slab.putInt(head, previousOffset, slot);
        heads[list] = slot;
    }

    /** Returns the list if that was its last record, else {@link #NONE}. */
    int unlink(int slot) {
        int previous = slab.getInt(slot, previousOffset);
        int next = slab.getInt(slot, nextOffset);
        assert previous != NONE : "in no list";
        init(slot);
        if (previous <= END) {
            heads[END - previous] = next <= END ? NONE : next;
        } else {
            slab.putInt(previous, nextOffset, next);
        }
        if (next <= END) {
            tails[END - next] = previous <= END ? NONE : previous;
        } else {
            slab.putInt(next, previousOffset, previous);
        }
        return previous <= END && next <= END ? END - previous : NONE;
    }

    /** Appends all records of one list to another, at the same cost for any number. */
    void moveAll(int from, int to) {
        int head = heads[from];
        if (head == NONE) {
            return;
        }
        int tail = tails[from];
        if (tails[to] == NONE) {
            slab.putInt(head, previousOffset, END - to);
            heads[to] = head;
        } else {
            slab.putInt(head, previousOffset, tails[to]);
            slab.putInt(tails[to], nextOffset, head);
        }
        slab.putInt(tail, nextOffset, END - to);
        tails[to] = tail;
        heads[from] = NONE;
        tails[from] = NONE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.util.BitSet;

/**
 * Which numbered messages have been seen.
 * Thread: any. Guarded by its own lock, which one loop alone takes most of the time.
 */
public final class SequenceSet {
    /** A bit each: 256 MB, if somebody really sends that many. */
    private static final int SEQUENCE_MAX = Integer.MAX_VALUE - 1;

    // Guarded by this.
    private final BitSet seen = new BitSet();
    private int size;

    /** Returns false for one that is in it already. */
    synchronized boolean add(long sequence) {
        int index = (int) sequence;
        if (seen.get(index)) {
            return false;
        }
        seen.set(index);
        size++;
        return true;
    }

    static boolean canHold(long sequence) {
        return sequence >= 0 && sequence <= SEQUENCE_MAX;
    }

    public synchronized int size() {
        return size;
    }

    /** How many of these are not in the other. */
    public int missingFrom(SequenceSet other) {
        BitSet rest = copy();
        rest.andNot(other.copy());
        return rest.cardinality();
    }

    private synchronized BitSet copy() {
        return (BitSet) seen.clone();
    }
}

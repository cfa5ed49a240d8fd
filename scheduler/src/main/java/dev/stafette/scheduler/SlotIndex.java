// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.function.IntToLongFunction;

/**
 * Finds a slot by the number that its record is known by: a hash table outside the heap with chains through the records.
 * Thread: queue agent.
 *
 * <p>Grows by linear hashing, one bucket split for every few additions: an ordinary table would stop the agent for a second
 * to double itself at ten million messages.
 */
final class SlotIndex {
    private static final int FIRST_BUCKETS = 1 << 10;

    /** Records in a bucket on average: half the memory of one, for half a look more. */
    private static final int LOAD = 2;

    private final Slab records;
    private final int nextOffset;
    private final IntToLongFunction keys;
    private final Slab heads = new Slab(Integer.BYTES);

    // Owned by the queue agent. Buckets below splitAt have been split in this round; each round doubles roundBuckets.
    private int roundBuckets = FIRST_BUCKETS;
    private int splitAt;
    private int size;

    /**
     * @param nextOffset of the int in each record that the chains go through
     * @param keys the number of each slot
     */
    SlotIndex(Slab records, int nextOffset, IntToLongFunction keys) {
        this.records = records;
        this.nextOffset = nextOffset;
        this.keys = keys;
        for (int i = 0; i < FIRST_BUCKETS; i++) {
            heads.putInt(heads.allocate(), 0, Slab.NONE);
        }
    }

    void add(int slot) {
        link(bucket(keys.applyAsLong(slot)), slot);
        size++;
        if (size > LOAD * (roundBuckets + splitAt)) {
            split();
        }
    }

    private void link(int bucket, int slot) {
        records.putInt(slot, nextOffset, heads.getInt(bucket, 0));
        heads.putInt(bucket, 0, slot);
    }

    private int next(int slot) {
        return records.getInt(slot, nextOffset);
    }

    /** Without memory for another bucket the chains become longer. */
    private void split() {
        int bucket = heads.allocate();
        if (bucket == Slab.NONE) {
            return;
        }
        heads.putInt(bucket, 0, Slab.NONE);
        int at = heads.getInt(splitAt, 0);
        heads.putInt(splitAt, 0, Slab.NONE);
        splitAt++;
        if (splitAt == roundBuckets) {
            roundBuckets *= 2;
            splitAt = 0;
        }
        while (at != Slab.NONE) {
            int next = next(at);
            link(bucket(keys.applyAsLong(at)), at);
            at = next;
        }
    }

    /** Returns {@link Slab#NONE} when there is none. */
    int find(long key) {
        int at = heads.getInt(bucket(key), 0);
        while (at != Slab.NONE && keys.applyAsLong(at) != key) {
            at = next(at);
        }
        return at;
    }

    void remove(int slot) {
        int bucket = bucket(keys.applyAsLong(slot));
        int next = next(slot);
        int at = heads.getInt(bucket, 0);
        if (at == slot) {
            heads.putInt(bucket, 0, next);
        } else {
            while (next(at) != slot) {
                at = next(at);
            }
            records.putInt(at, nextOffset, next);
        }
        size--;
    }

    private int bucket(long key) {
        int hash = (int) RetryPolicy.mix(key);
        int bucket = hash & roundBuckets - 1;
        return bucket < splitAt ? hash & 2 * roundBuckets - 1 : bucket;
    }

    int size() {
        return size;
    }

    long sizeBytes() {
        return heads.sizeBytes();
    }
}

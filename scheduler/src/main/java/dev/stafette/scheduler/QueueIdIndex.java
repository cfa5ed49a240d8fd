// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * Finds a message's slot by its queue id: a hash table outside the heap with chains through the message records.
 * Thread: queue agent.
 *
 * <p>Grows by linear hashing, one bucket split for every few additions: an ordinary table would stop the agent for a second
 * to double itself at ten million messages.
 */
final class QueueIdIndex {
    private static final int FIRST_BUCKETS = 1 << 10;

    /** Messages in a bucket on average: half the memory of one, for half a look more. */
    private static final int LOAD = 2;

    private final MessageRecords messages;
    private final Slab heads = new Slab(Integer.BYTES);

    // Owned by the queue agent. Buckets below splitAt have been split in this round; each round doubles roundBuckets.
    private int roundBuckets = FIRST_BUCKETS;
    private int splitAt;
    private int size;

    QueueIdIndex(MessageRecords messages) {
        this.messages = messages;
        for (int i = 0; i < FIRST_BUCKETS; i++) {
            heads.putInt(heads.allocate(), 0, Slab.NONE);
        }
    }

    void add(int message) {
        link(bucket(messages.queueId(message)), message);
        size++;
        if (size > LOAD * (roundBuckets + splitAt)) {
            split();
        }
    }

    private void link(int bucket, int message) {
        messages.nextOfBucket(message, heads.getInt(bucket, 0));
        heads.putInt(bucket, 0, message);
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
            int next = messages.nextOfBucket(at);
            link(bucket(messages.queueId(at)), at);
            at = next;
        }
    }

    /** Returns {@link Slab#NONE} when there is none. */
    int find(long queueId) {
        int at = heads.getInt(bucket(queueId), 0);
        while (at != Slab.NONE && messages.queueId(at) != queueId) {
            at = messages.nextOfBucket(at);
        }
        return at;
    }

    void remove(int message) {
        int bucket = bucket(messages.queueId(message));
        int next = messages.nextOfBucket(message);
        int at = heads.getInt(bucket, 0);
        if (at == message) {
            heads.putInt(bucket, 0, next);
        } else {
            while (messages.nextOfBucket(at) != message) {
                at = messages.nextOfBucket(at);
            }
            messages.nextOfBucket(at, next);
        }
        size--;
    }

    private int bucket(long queueId) {
        int hash = (int) RetryPolicy.mix(queueId);
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

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * The messages of the index.
 * Thread: queue agent.
 *
 * <pre>
 *  0 queueId  8 arrivalNs  16 bodyA  24 bodyB  32 previous, 36 next of those that expire in the same tick
 * 40 next of the same hash bucket  44 last recipient  48 recipients that are not done &lt;&lt; 8 | flags  52 active recipients
 * </pre>
 */
final class MessageRecords {
    static final int RECORD_BYTES = 56;
    static final int EXPIRY_LINK_OFFSET = 32;
    static final int BUCKET_LINK_OFFSET = 40;

    static final int IN_USE = 1;
    static final int NULL_SENDER = 2;
    static final int HELD = 4;

    /** Forgotten, but some of its recipients are still in flight. */
    static final int REMOVED = 8;

    /** Told to expire: whoever is deferred now has failed. */
    static final int EXPIRE = 16;

    /** The sender knows that it is late. */
    static final int WARNED = 32;

    /** Tried once: whoever is deferred has failed. */
    static final int ONCE = 64;

    /** Each recipient has an attempt of its own. */
    static final int ONE_BY_ONE = 128;

    private static final int FLAG_BITS = 8;
    private static final int QUEUE_ID = 0;
    private static final int ARRIVAL = 8;
    private static final int BODY_A = 16;
    private static final int BODY_B = 24;
    private static final int LAST_RECIPIENT = 44;
    private static final int OPEN_AND_FLAGS = 48;
    private static final int ACTIVE = 52;

    private final Slab slab = new Slab(RECORD_BYTES);

    Slab slab() {
        return slab;
    }

    /** Returns {@link Slab#NONE} when memory has run out. */
    int add(long queueId, long arrivalNs, boolean nullSender) {
        int message = slab.allocate();
        if (message != Slab.NONE) {
            slab.putLong(message, QUEUE_ID, queueId);
            slab.putLong(message, ARRIVAL, arrivalNs);
            slab.putInt(message, LAST_RECIPIENT, Slab.NONE);
            slab.putInt(message, OPEN_AND_FLAGS, nullSender ? IN_USE | NULL_SENDER : IN_USE);
            slab.putInt(message, ACTIVE, 0);
        }
        return message;
    }

    void free(int message) {
        slab.putInt(message, OPEN_AND_FLAGS, 0);
        slab.free(message);
    }

    long queueId(int message) {
        return slab.getLong(message, QUEUE_ID);
    }

    long arrivalNs(int message) {
        return slab.getLong(message, ARRIVAL);
    }

    long bodyA(int message) {
        return slab.getLong(message, BODY_A);
    }

    long bodyB(int message) {
        return slab.getLong(message, BODY_B);
    }

    void body(int message, long bodyA, long bodyB) {
        slab.putLong(message, BODY_A, bodyA);
        slab.putLong(message, BODY_B, bodyB);
    }

    /** The recipients form a ring; the last one's next is the first. */
    int lastRecipient(int message) {
        return slab.getInt(message, LAST_RECIPIENT);
    }

    void lastRecipient(int message, int recipient) {
        slab.putInt(message, LAST_RECIPIENT, recipient);
    }

    /** One of the flags. */
    boolean has(int message, int flags) {
        return (slab.getInt(message, OPEN_AND_FLAGS) & flags) != 0;
    }

    void set(int message, int flag) {
        slab.putInt(message, OPEN_AND_FLAGS, slab.getInt(message, OPEN_AND_FLAGS) | flag);
    }

    void clear(int message, int flag) {
        slab.putInt(message, OPEN_AND_FLAGS, slab.getInt(message, OPEN_AND_FLAGS) & ~flag);
    }

    /** Recipients that are not done. */
    int openCount(int message) {
        return slab.getInt(message, OPEN_AND_FLAGS) >>> FLAG_BITS;
    }

    void addOpen(int message, int count) {
        slab.putInt(message, OPEN_AND_FLAGS, slab.getInt(message, OPEN_AND_FLAGS) + count * (1 << FLAG_BITS));
    }

    /** Recipients that are ready or in flight. */
    int activeCount(int message) {
        return slab.getInt(message, ACTIVE);
    }

    void addActive(int message, int count) {
        slab.putInt(message, ACTIVE, slab.getInt(message, ACTIVE) + count);
    }
}

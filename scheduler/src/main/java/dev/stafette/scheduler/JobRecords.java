// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * The jobs of the index, which are there as long as recipients of theirs are ready.
 * Thread: queue agent.
 *
 * <pre>
 *  0 previous, 4 next in the order of its destination, or among those set aside until a time
 *  8 previous, 12 next of those of the same size that have not begun
 * 16 first recipient  20 message  24 destination  28 next of the same hash bucket
 * 32 ready recipients &lt;&lt; 8 | size class  36 entries handed out &lt;&lt; 8 | flags
 * 40 slots paid to those that overtook it  44 entries it was to need when it overtook; 0: it has not  48 bornNs
 * </pre>
 */
final class JobRecords {
    static final int RECORD_BYTES = 56;
    static final int ORDER_LINK_OFFSET = 0;
    static final int SIZE_LINK_OFFSET = 8;
    static final int BUCKET_LINK_OFFSET = 28;

    /** An entry of it was handed out: whoever of the message becomes ready from now on is another job. */
    static final int BEGUN = 1;

    /** Found by message and destination, for recipients that may join it. */
    static final int REGISTERED = 2;

    /** A limit has no room for it: not in the order of its destination. */
    static final int ASIDE = 4;

    /** Has, or had, so many entries that others may overtake it. */
    static final int LARGE = 8;

    /** In none of the lists by size. */
    static final int NO_SIZE = 0xff;

    private static final int LOW_BITS = 8;
    private static final int LOW_MASK = 0xff;
    private static final int COUNT_MAX = (1 << 24) - 1;
    private static final int FIRST = 16;
    private static final int MESSAGE = 20;
    private static final int DESTINATION = 24;
    private static final int READY_AND_SIZE = 32;
    private static final int TAKEN_AND_FLAGS = 36;
    private static final int PAID = 40;
    private static final int NEED = 44;
    private static final int BORN = 48;

    private final Slab slab = new Slab(RECORD_BYTES);

    Slab slab() {
        return slab;
    }

    /** Returns {@link Slab#NONE} when memory has run out. */
    int add(int message, int destination, long bornNs) {
        int job = slab.allocate();
        if (job != Slab.NONE) {
            slab.putInt(job, FIRST, Slab.NONE);
            slab.putInt(job, MESSAGE, message);
            slab.putInt(job, DESTINATION, destination);
            slab.putInt(job, READY_AND_SIZE, NO_SIZE);
            slab.putInt(job, TAKEN_AND_FLAGS, 0);
            slab.putInt(job, PAID, 0);
            slab.putInt(job, NEED, 0);
            slab.putLong(job, BORN, bornNs);
        }
        return job;
    }

    void free(int job) {
        slab.putInt(job, TAKEN_AND_FLAGS, 0);
        slab.free(job);
    }

    /** The recipients form a ring. */
    int first(int job) {
        return slab.getInt(job, FIRST);
    }

    void first(int job, int recipient) {
        slab.putInt(job, FIRST, recipient);
    }

    int message(int job) {
        return slab.getInt(job, MESSAGE);
    }

    int destination(int job) {
        return slab.getInt(job, DESTINATION);
    }

    /** What {@link SlotIndex} finds it by. */
    long key(int job) {
        return key(message(job), destination(job));
    }

    static long key(int message, int destination) {
        return (long) message << 32 | destination;
    }

    int ready(int job) {
        return slab.getInt(job, READY_AND_SIZE) >>> LOW_BITS;
    }

    void addReady(int job, int count) {
        slab.putInt(job, READY_AND_SIZE, slab.getInt(job, READY_AND_SIZE) + count * (1 << LOW_BITS));
    }

    /** The list by size that it is in, or {@link #NO_SIZE}. */
    int size(int job) {
        return slab.getInt(job, READY_AND_SIZE) & LOW_MASK;
    }

    void size(int job, int size) {
        slab.putInt(job, READY_AND_SIZE, slab.getInt(job, READY_AND_SIZE) & ~LOW_MASK | size);
    }

    /** Entries handed out. */
    int taken(int job) {
        return slab.getInt(job, TAKEN_AND_FLAGS) >>> LOW_BITS;
    }

    /** Beyond what the record can count it stays there: entries that are given back count again. */
    void addTaken(int job) {
        if (taken(job) < COUNT_MAX) {
            slab.putInt(job, TAKEN_AND_FLAGS, slab.getInt(job, TAKEN_AND_FLAGS) + (1 << LOW_BITS));
        }
    }

    boolean has(int job, int flag) {
        return (slab.getInt(job, TAKEN_AND_FLAGS) & flag) != 0;
    }

    void set(int job, int flag) {
        slab.putInt(job, TAKEN_AND_FLAGS, slab.getInt(job, TAKEN_AND_FLAGS) | flag);
    }

    void clear(int job, int flag) {
        slab.putInt(job, TAKEN_AND_FLAGS, slab.getInt(job, TAKEN_AND_FLAGS) & ~flag);
    }

    /** One for each entry handed out, less what was paid; may be below 0. */
    int slotsAvailable(int job) {
        return taken(job) - slab.getInt(job, PAID);
    }

    void pay(int job, int slots) {
        slab.putInt(job, PAID, slab.getInt(job, PAID) + slots);
    }

    int need(int job) {
        return slab.getInt(job, NEED);
    }

    void need(int job, int entries) {
        slab.putInt(job, NEED, entries);
    }

    long bornNs(int job) {
        return slab.getLong(job, BORN);
    }
}

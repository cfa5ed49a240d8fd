// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.Arrays;

/**
 * The jobs of one destination that wait behind others and have not begun, by their size: where the one is found that may
 * overtake, at the same cost for any number of them.
 * Thread: queue agent.
 *
 * <p>Postfix walks its job list for the best score, which is the time a job has waited over its size. Of jobs of one size
 * the oldest has the best, so that the first of each size are all that need to be looked at. Sizes have a list each up to
 * {@value #EXACT_MAX} entries; larger ones share a list with those up to twice as large, of which the oldest stands for all.
 */
final class Candidates {
    static final int EXACT_MAX = 64;

    private static final int EXACT_BITS = 6;

    private final Destination destination;
    private final SlotLists lists;
    private final Jobs jobs;
    private final JobRecords records;

    // Owned by the queue agent. Which lists have jobs in them, as bits.
    private long exactSizes;
    private long largeSizes;
    private int[] listBySize = new int[0];

    /** @param lists by size, of all destinations */
    Candidates(Destination destination, SlotLists lists, Jobs jobs, JobRecords records) {
        this.destination = destination;
        this.lists = lists;
        this.jobs = jobs;
        this.records = records;
    }

    static int sizeOf(int entries) {
        return entries <= EXACT_MAX
                ? Math.max(entries, 1) - 1
                : EXACT_MAX + 31 - Integer.numberOfLeadingZeros(entries) - EXACT_BITS;
    }

    /** The least that a job of that size has. */
    private static int entriesMin(int size) {
        return size < EXACT_MAX ? size + 1 : 1 << size - EXACT_MAX + EXACT_BITS;
    }

    void add(int job, int size) {
        if (size >= listBySize.length) {
            int before = listBySize.length;
            listBySize = Arrays.copyOf(listBySize, Math.max(4, size + 1));
            Arrays.fill(listBySize, before, listBySize.length, SlotLists.NONE);
        }
        if (listBySize[size] == SlotLists.NONE) {
            listBySize[size] = lists.create();
        }
        lists.append(listBySize[size], job);
        records.size(job, size);
        mark(size, true);
    }

    void remove(int job) {
        if (lists.unlink(job) != SlotLists.NONE) {
            mark(records.size(job), false);
        }
        records.size(job, JobRecords.NO_SIZE);
    }

    private void mark(int size, boolean used) {
        // A shift counts modulo 64.
        long bit = 1L << size;
        if (size < EXACT_MAX) {
            exactSizes = used ? exactSizes | bit : exactSizes & ~bit;
        } else {
            largeSizes = used ? largeSizes | bit : largeSizes & ~bit;
        }
    }

    /** The job of the best score of those that need so many entries at most, or {@link SlotLists#NONE}. */
    int best(int needMax, long nowNs) {
        int best = SlotLists.NONE;
        double bestScore = 0;
        for (int size = nextUsed(0); size >= 0 && entriesMin(size) <= needMax; size = nextUsed(size + 1)) {
            int job = lists.first(listBySize[size]);
            int need = jobs.entries(destination, job);
            double score = score(job, need, nowNs);
            boolean better = score > bestScore || score == bestScore && isOlder(job, best);
            if (need <= needMax && better) {
                best = job;
                bestScore = score;
            }
        }
        return best;
    }

    private double score(int job, int entries, long nowNs) {
        return ((nowNs - records.bornNs(job)) / 1e9 + 1) / entries;
    }

    private boolean isOlder(int job, int than) {
        return than != SlotLists.NONE && records.bornNs(job) - records.bornNs(than) < 0;
    }

    private int nextUsed(int from) {
        if (from < EXACT_MAX) {
            long left = exactSizes >>> from << from;
            if (left != 0) {
                return Long.numberOfTrailingZeros(left);
            }
        }
        int large = Math.max(from - EXACT_MAX, 0);
        long left = largeSizes >>> large << large;
        return left == 0 ? -1 : EXACT_MAX + Long.numberOfTrailingZeros(left);
    }

    /** All of them have gone, and the destination goes. */
    void dispose() {
        for (int list : listBySize) {
            if (list != SlotLists.NONE) {
                lists.dispose(list);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How often one thread passed a stage in which time, since it began: the buckets of an HdrHistogram with three significant
 * digits, of which only those exist whose times have occurred. The library's own recorder for a single writer enters and
 * leaves a section for each value, two locked instructions that wait for all that the thread has written before; these are
 * plain writes, which a reader sees in its own time, and never half.
 * Thread: one adds, any reads.
 */
final class StageTimes {
    /** A week: what takes longer counts as that. */
    static final long MICROS_MAX = 7L * 24 * 3600 * 1_000_000;

    static final int SIGNIFICANT_DIGITS = 3;

    /** Times in a page are told apart by 1 µs in the first two, and by twice as much in each that follows. */
    private static final int PAGE_BITS = 10;

    private static final int PAGE_SIZE = 1 << PAGE_BITS;
    private static final int PAGE_MASK = PAGE_SIZE - 1;
    private static final int PAGES = pageOf(bucketOf(MICROS_MAX)) + 1;

    private final AtomicReferenceArray<@Nullable AtomicLongArray> pages = new AtomicReferenceArray<>(PAGES);

    /** Below a microsecond counts as one. */
    void add(long ns) {
        int bucket = bucketOf(Math.min(Math.max(ns / 1000, 1), MICROS_MAX));
        AtomicLongArray page = pages.getPlain(pageOf(bucket));
        if (page == null) {
            page = new AtomicLongArray(PAGE_SIZE);
            pages.setRelease(pageOf(bucket), page);
        }
        int index = bucket & PAGE_MASK;
        page.setRelease(index, page.getPlain(index) + 1);
    }

    void addTo(Histogram sum) {
        for (int p = 0; p < PAGES; p++) {
            AtomicLongArray page = pages.getAcquire(p);
            for (int i = 0; page != null && i < PAGE_SIZE; i++) {
                long count = page.getAcquire(i);
                if (count > 0) {
                    sum.recordValueWithCount(microsOf(p << PAGE_BITS | i), count);
                }
            }
        }
    }

    private static int bucketOf(long micros) {
        int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - PAGE_BITS);
        return (shift << PAGE_BITS) + (int) (micros >>> shift);
    }

    private static int pageOf(int bucket) {
        return bucket >>> PAGE_BITS;
    }

    /** The shortest time in a bucket. */
    private static long microsOf(int bucket) {
        int page = pageOf(bucket);
        return page == 0 ? bucket : (long) (bucket & PAGE_MASK | PAGE_SIZE) << page - 1;
    }
}

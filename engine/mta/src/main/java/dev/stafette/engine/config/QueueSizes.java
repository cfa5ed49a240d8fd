// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

/**
 * Sizes that fit the file system of the queue: defaults where main.cf has none.
 * Thread: any (stateless).
 */
final class QueueSizes {
    private static final int SEGMENT_BYTES_MAX = 128 << 20;

    /** Below this a large message takes too many. */
    private static final int SEGMENT_BYTES_MIN = 4 << 20;

    private static final long BALLAST_BYTES_MAX = 16L << 20;

    /** A fresh generation of the journal must fit in, and outcomes beside it. */
    private static final long BALLAST_BYTES_MIN = 4L << 20;

    /** So many segments and as much again for the rest make a file system. */
    private static final int FILE_SYSTEM_PART = 16;

    private QueueSizes() {}

    /** The largest power of two within a sixteenth of the file system; not below 4 MB and not above 128 MB. */
    static long segmentBytes(long fileSystemBytes) {
        return partOf(fileSystemBytes, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
    }

    /** Twice a segment's. */
    static long generationBytes(long fileSystemBytes) {
        return 2 * segmentBytes(fileSystemBytes);
    }

    /** The largest power of two within a sixteenth of the file system; not below 4 MB and not above 16 MB. */
    static long ballastBytes(long fileSystemBytes) {
        return partOf(fileSystemBytes, BALLAST_BYTES_MIN, BALLAST_BYTES_MAX);
    }

    private static long partOf(long fileSystemBytes, long min, long max) {
        return Math.max(min, Math.min(max, Long.highestOneBit(fileSystemBytes / FILE_SYSTEM_PART)));
    }
}

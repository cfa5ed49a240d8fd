// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import java.nio.file.Path;

/**
 * Sizes and places of the spool.
 * Thread: any (a value).
 *
 * @param directory {@code queue_directory}
 * @param segmentBytes size of a body segment
 * @param generationBytes a journal generation larger than this gives way to the next
 * @param journalReserveBytes zero-filled ahead of the journal's end, so that a full disk is noticed before it is written to
 * @param ballastBytes kept aside for outcome records on a full disk
 * @param freeBytesMin less free space than this stops accepting mail
 */
public record StorageSettings(
        Path directory,
        int segmentBytes,
        long generationBytes,
        int journalReserveBytes,
        long ballastBytes,
        long freeBytesMin) {
    public static final int SEGMENT_BYTES = 128 << 20;

    private static final long BALLAST_BYTES = 16L << 20;

    private static final long MB = 1 << 20;

    /** Room for the largest record, and for outcomes beside it. */
    public static final int JOURNAL_RESERVE_BYTES = 2 << 20;

    public StorageSettings {
        if (segmentBytes < 1 << 20) {
            throw new IllegalArgumentException("segmentBytes: " + segmentBytes + " (expected: 1 MB or more)");
        }
        if (journalReserveBytes < 1 << 16) {
            throw new IllegalArgumentException(
                    "journalReserveBytes: " + journalReserveBytes + " (expected: 64 KB or more)");
        }
    }

    /** Those of a large file system. */
    public static StorageSettings of(Path directory) {
        return new StorageSettings(
                directory, SEGMENT_BYTES, 2L * SEGMENT_BYTES, JOURNAL_RESERVE_BYTES, BALLAST_BYTES, 64L << 20);
    }

    /** Free space below which no mail is taken: the ballast may have to be made again. */
    long keepFreeBytes() {
        return freeBytesMin + ballastBytes;
    }

    /** The journal's share: a generation that is full, and the one that follows it. */
    private long journalBytes() {
        return generationBytes + 2L * journalReserveBytes;
    }

    /** What an empty queue must find to work for good. */
    public long neededBytes() {
        return 2L * segmentBytes + journalBytes() + ballastBytes + keepFreeBytes();
    }

    /** The parts of {@link #neededBytes}, for people. */
    public String needText() {
        return "queue_directory needs " + megabytes(neededBytes()) + " MB free: segments 2 x " + megabytes(segmentBytes)
                + " MB, journal " + megabytes(journalBytes()) + " MB, ballast " + megabytes(ballastBytes)
                + " MB, kept free " + megabytes(keepFreeBytes()) + " MB";
    }

    /** Of space that is wanted: rounded up. */
    private static long megabytes(long bytes) {
        return (bytes + MB - 1) / MB;
    }
}

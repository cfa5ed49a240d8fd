// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.body.SegmentStore.Place;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.DiskSync;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentStoreIT {
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final long WAIT_S = 60;

    @TempDir
    private Path spool;

    private final Semaphore changes = new Semaphore(0);

    private SegmentStore open() {
        return SegmentStore.open(spool, SEGMENT_BYTES, 0, DiskSync.REAL, changes::release);
    }

    /** As the caller does: a refusal now may be a place when the next segment has been made. */
    private Place reserve(SegmentStore store, int lengthBytes) throws InterruptedException {
        Place place = store.tryReserve(lengthBytes);
        while (place == null) {
            assertTrue(changes.tryAcquire(WAIT_S, TimeUnit.SECONDS), "no segment was made");
            place = store.tryReserve(lengthBytes);
        }
        return place;
    }

    private static BodyRef body(Place place, int lengthBytes) {
        return new BodyRef(0, place.segment().id(), place.offset(), 48, lengthBytes - 48);
    }

    @Test
    void placesExtentsOneBehindTheOtherAtMultiplesOfEight() throws InterruptedException {
        try (SegmentStore store = open()) {
            Place first = reserve(store, 101);
            Place second = reserve(store, 8);
            Place third = reserve(store, 1);
            assertEquals(0, first.offset());
            assertEquals(104, second.offset());
            assertEquals(112, third.offset());
            assertSame(first.segment(), third.segment());
        }
    }

    @Test
    void hasNoPlaceForWhatNoSegmentHolds() throws InterruptedException {
        try (SegmentStore store = open()) {
            assertNull(store.tryReserve(SEGMENT_BYTES + 1));
            assertEquals(0, reserve(store, SEGMENT_BYTES).offset());
        }
    }

    @Test
    void recyclesWhatNobodyReadsUnderAnIdThatWasNeverThere() throws InterruptedException {
        try (SegmentStore store = open()) {
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < 8; i++) {
                Place full = reserve(store, SEGMENT_BYTES);
                assertTrue(
                        ids.add(full.segment().id()),
                        "used twice: " + full.segment().id());
                Place next = reserve(store, SEGMENT_BYTES);
                assertTrue(
                        ids.add(next.segment().id()),
                        "used twice: " + next.segment().id());
                store.free(body(full, SEGMENT_BYTES));
                store.free(body(next, SEGMENT_BYTES));
                store.recycle();
                assertNull(store.find(full.segment().id()));
            }
        }
    }

    @Test
    void keepsASegmentThatSomebodyReads() throws InterruptedException {
        try (SegmentStore store = open()) {
            Place read = reserve(store, SEGMENT_BYTES);
            reserve(store, SEGMENT_BYTES);
            read.segment().pin();
            store.free(body(read, SEGMENT_BYTES));
            assertEquals(0, store.recycle());
            assertNotNull(store.find(read.segment().id()));
            read.segment().unpin();
            assertEquals(1, store.recycle());
            assertNull(store.find(read.segment().id()));
        }
    }

    @Test
    void freesAfterARestartWhatNoMessageClaims() throws InterruptedException {
        int claimed;
        int other;
        BodyRef live;
        try (SegmentStore store = open()) {
            Place first = reserve(store, SEGMENT_BYTES);
            claimed = first.segment().id();
            live = body(first, SEGMENT_BYTES);
            other = reserve(store, SEGMENT_BYTES).segment().id();
        }
        try (SegmentStore store = open()) {
            store.onFound(live);
            store.onRecovered();
            assertEquals(1, store.recycle());
            assertNull(store.find(other));
            assertNotNull(store.find(claimed));
            Place next = reserve(store, 10);
            assertTrue(next.segment().id() > other, "nothing is written into a segment of an earlier process");
        }
    }

    @Test
    void removesWhatAnEarlierProcessHadReady() throws Exception {
        Path body = Files.createDirectories(spool.resolve("body"));
        Path spare = Files.createFile(body.resolve("pool-7"));
        Path foreign = Files.createFile(body.resolve("README"));
        try (SegmentStore store = open()) {
            assertFalse(Files.exists(spare));
            assertTrue(Files.exists(foreign), "what is not ours stays");
            assertEquals(0, store.segmentCount());
        }
    }
}

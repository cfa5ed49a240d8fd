// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spool on a real file system: what is acknowledged comes back. */
class SpoolIT {
    @TempDir
    Path directory;

    @Test
    void givesBackWhatWasAccepted() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            for (int i = 1; i <= 1000; i++) {
                spool.accept(i, 500);
            }
            spool.settle();
            assertEquals(1000, spool.durableCount());
            spool.remove(7);
            spool.defer(8, 1234, "later");
            spool.settle();
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(999, spool.liveCount());
            assertNull(spool.live(7));
            LiveMessage deferred = spool.live(8);
            assertNotNull(deferred);
            assertEquals(RecipientState.Kind.DEFERRED, deferred.states()[0].kind());
            assertEquals(1234, deferred.states()[0].dueMs());
            assertEquals("later", deferred.states()[0].reply());
            spool.verifyAll();
            assertEquals(1000, spool.spool().greatestQueueId());
        }
    }

    @Test
    void checkpointsWhatIsAliveIntoTheFreshGenerationAndDeletesTheOld() throws Exception {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            for (int i = 1; i <= 200; i++) {
                spool.accept(i, 100);
            }
            spool.settle();
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.tidyAll();
            assertEquals(1, generations());
            spool.remove(1);
            spool.settle();
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(199, spool.liveCount());
            spool.verifyAll();
        }
    }

    @Test
    void keepsWhatIsSaidOfMessagesOverRestartsAndCheckpoints() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            for (int i = 1; i <= 4; i++) {
                spool.accept(i, 100);
            }
            spool.settle();
            spool.spool().held(1, true);
            spool.onHeld(1, true);
            spool.spool().held(2, true);
            spool.spool().held(2, false);
            spool.spool().expiring(3);
            // Twice, as after a crash between two starts.
            spool.spool().expiring(3);
            spool.spool().held(3, true);
            spool.spool().warned(2);
            spool.remove(4);
            spool.spool().expiring(4);
            spool.settle();
        }
        for (int start = 1; start <= 3; start++) {
            try (SpoolDriver spool = SpoolDriver.open(directory)) {
                assertEquals(3, spool.liveCount());
                assertEquals("held", marks(spool, 1));
                assertEquals("warned", marks(spool, 2));
                assertEquals("held expiring", marks(spool, 3));
                spool.tidyAll();
            }
        }
    }

    @Test
    void settlesWhatAMessageTakesOverWithItsAcceptanceAndNeverWithout() {
        TakenOver first = new TakenOver(1, List.of(0), TakenOver.Warning.GIVEN);
        TakenOver second = new TakenOver(2, List.of(0), TakenOver.Warning.INHERITED);
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.accept(1, 100);
            spool.accept(2, 100);
            spool.settle();
            spool.accept(3, first);
            spool.settle();
            // Its record is in the page cache, its body nowhere: the process ends before the batch.
            spool.acceptInVain(4, second);
        }
        for (int start = 1; start <= 3; start++) {
            // No checkpoint before the last time: what the old generation says is read again and again.
            try (SpoolDriver spool = SpoolDriver.open(directory)) {
                assertEquals(Set.of(1L, 2L, 3L), spool.liveIds());
                assertEquals(RecipientState.Kind.REPORTED, stateOf(spool, 1));
                assertTrue(Objects.requireNonNull(spool.live(1)).warned());
                assertEquals(RecipientState.Kind.QUEUED, stateOf(spool, 2));
                spool.settle();
            }
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.accept(5, second);
            spool.settle();
            spool.tidyAll();
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(Set.of(1L, 2L, 3L, 5L), spool.liveIds());
            assertEquals(RecipientState.Kind.REPORTED, stateOf(spool, 2));
            assertTrue(Objects.requireNonNull(spool.live(5)).warned());
        }
    }

    private static RecipientState.Kind stateOf(SpoolDriver spool, long id) {
        return Objects.requireNonNull(spool.live(id)).states()[0].kind();
    }

    private static String marks(SpoolDriver spool, long id) {
        LiveMessage message = spool.live(id);
        assertNotNull(message);
        return ((message.held() ? "held " : "")
                        + (message.expiring() ? "expiring" : "")
                        + (message.warned() ? "warned" : ""))
                .strip();
    }

    @Test
    void tellsWhenWhatWasJournaledIsDurable() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.accept(1, 100);
            spool.settle();
            spool.spool().held(1, true);
            AtomicReference<CommitResult> told = new AtomicReference<>();
            spool.spool().whenDurable(new CommitListener() {
                @Override
                public Executor owner() {
                    return Runnable::run;
                }

                @Override
                public void onCommitted(CommitResult result) {
                    told.set(result);
                }
            });
            spool.settle();
            assertEquals(CommitResult.DURABLE, told.get());
        }
    }

    private long generations() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("gen-"))
                    .count();
        }
    }

    @Test
    void rotatesWhenAGenerationIsFullAndLosesNothing() throws Exception {
        StorageSettings small = new StorageSettings(directory, 1 << 20, 64 << 10, 2 << 20, 0, 0);
        try (SpoolDriver spool = SpoolDriver.open(small)) {
            for (int round = 0; round < 40; round++) {
                for (int i = 1; i <= 50; i++) {
                    spool.accept(round * 50 + i, 300);
                }
                spool.settle();
                spool.tidyAll();
                for (int i = 2; i <= 50; i++) {
                    spool.remove(round * 50 + i);
                }
                spool.settle();
            }
            assertTrue(
                    spool.spool().segmentCount() <= 4,
                    "segments: " + spool.spool().segmentCount());
            assertTrue(generations() <= 2, "generations: " + generations());
        }
        try (SpoolDriver spool = SpoolDriver.open(small)) {
            assertEquals(40, spool.liveCount());
            spool.verifyAll();
        }
    }

    @Test
    void keepsALargeMessageInSeveralExtents() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.acceptLarge(5, 10, 300_000);
            spool.settle();
            assertEquals(10, spool.live(5).body().extentCount());
            spool.verifyAll();
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(10, spool.live(5).body().extentCount());
            spool.verifyAll();
        }
    }

    /** The extents of a large message are written as they come, the one with its envelope at the end. */
    @Test
    void forgetsExtentsWhoseEnvelopeNeverCame() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.acceptWithoutEnvelope(5, 12, 1 << 20);
            spool.accept(6, 500);
            spool.settle();
            assertEquals(Set.of(6L), spool.liveIds());
            assertEquals(4, spool.spool().segmentCount());
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(Set.of(6L), spool.liveIds());
            assertEquals(List.of(), spool.quarantined());
            spool.verifyAll();
            spool.settle();
            assertEquals(1, spool.spool().segmentCount());
        }
    }

    @Test
    void givesTheRoomBackOfAMessageWhoseEnvelopeWillNotCome() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.acceptWithoutEnvelope(5, 12, 1 << 20);
            spool.settle();
            spool.spool().abandon(5);
            spool.settle();
            spool.poll();
            assertEquals(1, spool.spool().segmentCount());
        }
    }

    @Test
    void refusesASecondProcess() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(0, spool.liveCount());
            StorageException refused = assertThrows(StorageException.class, () -> SpoolDriver.open(directory));
            assertTrue(refused.getMessage().contains("in use by process"), refused.getMessage());
        }
    }

    @Test
    void reportsADamagedRecordAndUsesTheRest() throws Exception {
        acceptAHundred();
        damage(only(".cq4"), "recipient50@");
        // Its extent comes first, and then what of the journal is in the segment.
        damage(only(".seg"), "recipient50@", 2);
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(1, spool.quarantined().size());
            assertEquals(99, spool.liveCount());
            assertNull(spool.live(50));
            spool.verifyAll();
        }
    }

    @Test
    void reportsADamagedRecordThatASegmentStillHas() throws Exception {
        acceptAHundred();
        damage(only(".cq4"), "recipient50@");
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(1, spool.quarantined().size());
            assertTrue(spool.quarantined().get(0).endsWith("; what is missing was found in the segments"));
            assertEquals(100, spool.liveCount());
            spool.verifyAll();
        }
    }

    /** Each by itself. */
    private void acceptAHundred() {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            for (int i = 1; i <= 100; i++) {
                spool.accept(i, 100);
                spool.settle();
            }
        }
    }

    private Path only(String suffix) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void damage(Path file, String text) throws Exception {
        damage(file, text, 1);
    }

    private static void damage(Path file, String text, int occurrence) throws Exception {
        int seen = 0;
        byte[] wanted = text.substring(0, text.length() - 1).getBytes();
        byte[] all = Files.readAllBytes(file);
        for (int i = 0; i < all.length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && all[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length && ++seen == occurrence) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(new byte[] {'X'}), i);
                }
                return;
            }
        }
        throw new AssertionError(text + " not found in " + file);
    }

    @Test
    void keepsADamagedBodyAside() throws Exception {
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            spool.accept(1, 5000);
            spool.accept(2, 5000);
            spool.settle();
            BodyRef body = spool.live(1).body();
            try (BodySlice slice = spool.spool().openBody(body)) {
                slice.channel(0).write(ByteBuffer.wrap(new byte[] {1, 2, 3}), slice.position(0) + 100);
            }
            StorageException damaged =
                    assertThrows(StorageException.class, () -> spool.spool().readVerified(1, body));
            assertTrue(damaged.getMessage().contains("checksum"), damaged.getMessage());
            Path kept = spool.spool().keepDamaged(1, body);
            spool.spool().removed(1, body);
            assertTrue(Files.size(kept) > 5000);
            spool.settle();
        }
        try (SpoolDriver spool = SpoolDriver.open(directory)) {
            assertEquals(1, spool.liveCount());
            spool.verifyAll();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.TakenOver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is known of the end of a generation when the next one has begun. The records of a batch are in the file before the
 * bodies of its messages are, and a generation may end between the two.
 */
class RotationIT {
    private static final BodyRef BODY = new BodyRef(0, 1, 0, 90, 500);
    private static final TakenOver TAKEN_OVER = new TakenOver(1, List.of(0), TakenOver.Warning.NONE);

    @TempDir
    private Path spool;

    private Journal open() {
        Replay nothing = new Replay(spool, new Replayed(), Replayed.NO_TAILS);
        nothing.run();
        return Journal.open(spool, nothing, 1 << 20, 1 << 20, () -> false, DiskSync.REAL, DiskTasks.AT_ONCE);
    }

    private static void accept(Journal journal, long queueId) {
        journal.records().takesOver(queueId, TAKEN_OVER);
        journal.records().accepted(queueId, 0, Envelope.of(MailAddress.NULL, List.of()), BODY);
    }

    /** Returns the file that has ended. */
    private static JournalFile rotate(Journal journal) {
        journal.makeNext();
        return journal.rotate();
    }

    private List<Long> unproven() {
        Replay replay = new Replay(spool, new Replayed(), Replayed.NO_TAILS);
        replay.run();
        List<Long> ids = new ArrayList<>();
        replay.unproven().forEach(one -> ids.add(one.queueId()));
        return ids;
    }

    @Test
    void provesNothingOfTheBatchThatItInterrupts() {
        try (Journal journal = open()) {
            accept(journal, 2);
            journal.onDurable(journal.current(), journal.lastSequence(), null);
            accept(journal, 3);
            rotate(journal).close();
            accept(journal, 4);
        }
        assertEquals(List.of(3L, 4L), unproven());
    }

    @Test
    void hasEndedWithItsFirstBatch() {
        try (Journal journal = open()) {
            accept(journal, 2);
            JournalFile ended = rotate(journal);
            accept(journal, 3);
            journal.onDurable(journal.current(), journal.lastSequence(), ended);
            ended.close();
            accept(journal, 4);
        }
        assertEquals(List.of(4L), unproven());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final long ID = 7;
    private static final RecipientState DELIVERED = new RecipientState(Kind.DELIVERED, 0, 0, 0, "", null);
    private static final RecipientState FAILED = new RecipientState(Kind.FAILED, 0, 0, 0, "no such user", null);

    private final QueueClock clock = new QueueClock(() -> 0, () -> 0);
    private final Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULTS, 1, 0);
    private final QueueState state = new QueueState(scheduler, ProbeListener.NONE);
    private final Recovery recovery = new Recovery(
            state, (recipient, sender) -> scheduler.destination("smtp", recipient.domain()), clock, warning -> {});
    private final Envelope envelope = Envelope.of(
            MailAddress.of("s", "a.test"),
            List.of(
                    new EnvelopeRecipient(MailAddress.of("u", "b.test")),
                    new EnvelopeRecipient(MailAddress.of("v", "b.test")),
                    new EnvelopeRecipient(MailAddress.of("w", "b.test"))));

    private void onMessage(RecipientState... states) {
        BodyRef body = new BodyRef(0, 1, 0, 100, 100);
        recovery.onMessage(ID, 0, envelope, new LiveMessage(body, false, false, false, states));
    }

    private RecipientStatus status(int index) {
        return scheduler
                .view()
                .status(scheduler.view().recipientAt(scheduler.view().slotOf(ID), index));
    }

    @Test
    void forgetsNoOutcomeOfAMessageWhoseStatesWereCheckpointedInPartOnly() {
        onMessage();
        recovery.onState(ID, 0, DELIVERED);
        recovery.onState(ID, 1, FAILED);
        // It is checkpointed with more states than fit in a record, and the process ends behind the first of them.
        onMessage();
        recovery.onState(ID, 0, DELIVERED);
        assertEquals(RecipientStatus.DONE, status(0));
        assertEquals(RecipientStatus.DONE, status(1));
        assertEquals(RecipientStatus.READY, status(2));
        assertEquals(List.of(ID), state.owed().queueIds());
    }

    @Test
    void owesNothingThatItHasTold() {
        onMessage(FAILED, FAILED, RecipientState.QUEUED);
        assertEquals(2, state.owed().of(ID).size());
        recovery.onState(ID, 1, new RecipientState(Kind.REPORTED, 0, 0, 0, "", null));
        assertEquals(1, state.owed().of(ID).size());
        state.owed().take(ID);
        assertFalse(state.owed().isOwing(ID));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import dev.stafette.storage.format.TakenOver;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class QueueStateTest {
    private static final long ID = 7;
    private static final RecipientState FAILED = new RecipientState(Kind.FAILED, 0, 0, 0, "no such user", null);

    private final Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULTS, 1, 0);
    private final QueueState state = new QueueState(scheduler, ProbeListener.NONE);
    private final QueueView view = new QueueView(state, new QueueClock(() -> 0, () -> 0), null);
    private final BodyRef body =
            BodyRef.of(0, new int[] {1, 2}, new int[] {0, 8}, new int[] {100, 48}, new int[] {100, 200});
    private final Envelope envelope = Envelope.of(
            MailAddress.of("s", "a.test"),
            List.of(
                    new EnvelopeRecipient(MailAddress.of("u", "b.test")),
                    new EnvelopeRecipient(MailAddress.of("v", "c.test"))));

    private int add() {
        int slot = state.addMessage(ID, 0, envelope, body);
        state.active().put(new ActiveMessage(ID, slot, envelope, body, 0, 0, 0));
        for (int i = 0; i < 2; i++) {
            int destination = scheduler.destination("smtp", "relay.test");
            state.addReady(slot, i, envelope.recipients().get(i).address(), destination);
        }
        return slot;
    }

    @Test
    void leavesNothingBehindOfAMessageThatIsRemoved() {
        for (int i = 0; i < 3; i++) {
            int slot = add();
            ActiveMessage message = state.active().get(slot);
            assertEquals(body, state.body(slot));
            state.owed().owe(ID, 1, FAILED);
            state.suspensions().begin(ID, false);
            state.remove(slot);
            assertTrue(message.isRemoved());
            assertEquals(0, state.active().size());
            assertEquals(0, state.domains().size());
            assertEquals(0, scheduler.view().messageCount());
            assertFalse(state.owed().isOwing(ID));
            assertFalse(state.suspensions().isSuspended(ID));
            assertNull(view.body(ID));
        }
        // Whoever has the slot next has its own body.
        BodyRef single = new BodyRef(0, 9, 0, 100, 100);
        assertEquals(single, state.body(state.addMessage(ID, 0, envelope, single)));
    }

    @Test
    void tellsOfAMessageInValuesThatStayAsTheyAre() {
        int slot = add();
        MessageStanding before = view.message(ID);
        assertEquals(
                new MessageStanding(ID, MessageQueue.ACTIVE, false, body, new TreeMap<>(before.waiting())), before);
        assertEquals("{0=, 1=}", before.waiting().toString());
        scheduler.commands().hold(slot);
        state.onTakenOver(new TakenOver(ID, List.of(0), TakenOver.Warning.NONE));
        assertEquals("{0=, 1=}", before.waiting().toString());
        assertEquals(MessageQueue.ACTIVE, before.queue());
        assertEquals("{1=}", view.message(ID).waiting().toString());
        assertEquals(MessageQueue.HOLD, view.queueOf(ID));
        state.remove(slot);
        assertNull(view.message(ID));
    }
}

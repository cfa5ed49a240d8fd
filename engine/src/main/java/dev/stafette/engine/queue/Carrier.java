// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.BodyRef;
import dev.stafette.storage.CarrySource;
import dev.stafette.storage.LiveMessage;
import dev.stafette.storage.RecipientState;
import dev.stafette.storage.RecipientState.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells the spool what is still in the queue, so that it can tidy up behind it. Thread: queue agent. */
final class Carrier implements CarrySource {
    private static final RecipientState DONE = new RecipientState(Kind.REPORTED, 0, 0, 0, "", null);

    private final Scheduler scheduler;
    private final ActiveMessages active;
    private final QueueClock clock;

    Carrier(QueueParts parts, ActiveMessages active) {
        this.scheduler = parts.scheduler();
        this.clock = parts.clock();
        this.active = active;
    }

    @Override
    public @Nullable LiveMessage current(long queueId) {
        int slot = scheduler.slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return null;
        }
        ActiveMessage message = active.get(slot);
        RecipientState[] states = new RecipientState[recipientsEnd(slot, message)];
        // A recipient that the index does not know any more is done.
        Arrays.fill(states, DONE);
        for (int r = scheduler.firstRecipient(slot); r != Scheduler.NONE; r = scheduler.nextRecipient(r)) {
            if (scheduler.status(r) != RecipientStatus.DONE) {
                states[scheduler.envelopeIndexOf(r)] = state(r);
            }
        }
        if (message != null) {
            for (FailedRecipient failed : message.failed()) {
                states[failed.envelopeIndex()] = new RecipientState(
                        Kind.FAILED, 0, 0, failed.status().packed(), failed.text(), failed.remoteMta());
            }
        }
        return new LiveMessage(body(slot, queueId), scheduler.isHeld(slot), scheduler.isExpiring(slot), states);
    }

    private int recipientsEnd(int slot, @Nullable ActiveMessage message) {
        int end = message == null ? 0 : message.envelope().recipients().size();
        for (int r = scheduler.firstRecipient(slot); r != Scheduler.NONE; r = scheduler.nextRecipient(r)) {
            end = Math.max(end, scheduler.envelopeIndexOf(r) + 1);
        }
        return end;
    }

    private RecipientState state(int recipient) {
        int attempts = scheduler.attempts(recipient);
        String encoded = scheduler.reasonOf(recipient);
        if (encoded.isEmpty()) {
            return RecipientState.QUEUED;
        }
        Reason reason = Reason.decode(encoded);
        return new RecipientState(
                Kind.DEFERRED,
                attempts,
                clock.toEpochMs(scheduler.dueNs(recipient)),
                reason.status().packed(),
                reason.text(),
                reason.remoteMta());
    }

    private BodyRef body(int slot, long queueId) {
        return active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
    }

    /** What is in memory, or on its way to be, remembers where its body is. */
    @Override
    public boolean isMovable(long queueId) {
        int slot = scheduler.slotOf(queueId);
        return slot != Scheduler.NONE && active.get(slot) == null && !scheduler.isActive(slot);
    }

    @Override
    public void onMoved(long queueId, BodyRef body) {
        int slot = scheduler.slotOf(queueId);
        if (slot != Scheduler.NONE && body.isSingle()) {
            scheduler.relocate(slot, body.packedA(), body.packedB());
        }
    }
}

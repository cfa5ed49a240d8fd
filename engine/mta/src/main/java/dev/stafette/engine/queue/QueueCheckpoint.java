// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the spool what is still in the queue, so that it can tidy up behind it. Thread: queue agent. */
final class QueueCheckpoint implements CheckpointSource {
    private final QueueState state;
    private final Scheduler scheduler;
    private final QueueClock clock;
    private final MessageLoader loader;

    QueueCheckpoint(QueueState state, QueueClock clock, MessageLoader loader) {
        this.state = state;
        this.scheduler = state.scheduler();
        this.clock = clock;
        this.loader = loader;
    }

    @Override
    public @Nullable LiveMessage current(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return null;
        }
        ActiveMessage message = state.active().get(slot);
        Map<Integer, RecipientState> owing = state.owed().of(queueId);
        RecipientState[] states = new RecipientState[recipientsEnd(slot, message, owing.keySet())];
        // A recipient that the index does not know any more is done.
        Arrays.fill(states, RecipientState.REPORTED);
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            if (scheduler.view().status(r) != RecipientStatus.DONE) {
                states[scheduler.view().envelopeIndexOf(r)] = waiting(r);
            }
        }
        owing.forEach((index, owed) -> states[index] = owed);
        if (message != null) {
            for (RecipientReport report : message.reports()) {
                if (report.settles()) {
                    states[report.envelopeIndex()] = report.state();
                }
            }
        }
        return new LiveMessage(
                state.body(slot),
                state.suspensions().isHeldByOperator(queueId, scheduler.view().isHeld(slot)),
                scheduler.view().isExpiring(slot),
                isWarned(slot, message),
                states);
    }

    /** One that is being written does not count: should the process end, it must be written again. */
    private boolean isWarned(int slot, @Nullable ActiveMessage message) {
        return scheduler.view().isWarned(slot)
                && (message == null || message.reports().stream().noneMatch(report -> report.kind() == DsnKind.DELAY));
    }

    private int recipientsEnd(int slot, @Nullable ActiveMessage message, Set<Integer> owing) {
        int end = message == null ? 0 : message.envelope().recipients().size();
        for (int index : owing) {
            end = Math.max(end, index + 1);
        }
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            end = Math.max(end, scheduler.view().envelopeIndexOf(r) + 1);
        }
        return end;
    }

    private RecipientState waiting(int recipient) {
        int attempts = scheduler.view().attempts(recipient);
        String encoded = scheduler.view().reasonOf(recipient);
        if (encoded.isEmpty()) {
            return RecipientState.QUEUED;
        }
        Reason reason = Reason.decode(encoded);
        return new RecipientState(
                Kind.DEFERRED,
                attempts,
                clock.toEpochMs(scheduler.view().dueNs(recipient)),
                reason.status().packed(),
                reason.text(),
                reason.remoteMta());
    }

    /** What is in memory, or on its way to be, remembers where its body is. */
    @Override
    public boolean isMovable(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        return slot != Scheduler.NONE
                && state.active().get(slot) == null
                && !scheduler.view().isActive(slot)
                && !loader.isLoading(queueId);
    }

    @Override
    public void onMoved(long queueId, BodyRef body) {
        state.onMoved(queueId, body);
    }
}

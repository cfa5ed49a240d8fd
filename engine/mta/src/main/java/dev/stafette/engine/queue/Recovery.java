// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds the index again from the journal: attempts, due times, last replies and holds come back as they were.
 * Thread: start-up only.
 *
 * <p>A message enters the index when its record is read and is changed there by the records that follow, so that memory
 * holds no more than the index does. Only messages that owe a report are kept whole.
 */
final class Recovery implements RecoveryListener {
    private final QueueState state;
    private final Scheduler scheduler;
    private final FirstDestination firstDestination;
    private final QueueClock clock;
    private final Consumer<String> warnings;

    private int quarantinedCount;

    Recovery(QueueState state, FirstDestination firstDestination, QueueClock clock, Consumer<String> warnings) {
        this.state = state;
        this.scheduler = state.scheduler();
        this.firstDestination = firstDestination;
        this.clock = clock;
        this.warnings = warnings;
    }

    /** Chooses the destination that a recipient enters the index with. */
    interface FirstDestination {
        int destination(MailAddress recipient, Envelope envelope);
    }

    int quarantinedCount() {
        return quarantinedCount;
    }

    @Override
    public void onMessage(long queueId, long arrivalMs, Envelope envelope, LiveMessage message) {
        if (message.states().length == 0 && scheduler.view().slotOf(queueId) != Scheduler.NONE) {
            // Checkpointed, with states that follow one by one; should the process have ended before the last of them,
            // what
            // an older generation has said of the others is all that is known.
            return;
        }
        onRemoved(queueId);
        int slot = state.addMessage(queueId, clock.toNs(arrivalMs), envelope, message.body());
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            RecipientState told = i < message.states().length ? message.states()[i] : RecipientState.QUEUED;
            if (told.kind().isOwing()) {
                state.owed().owe(queueId, i, told);
            } else if (!told.kind().isDone()) {
                add(slot, i, envelope, told);
            }
        }
        if (message.held()) {
            scheduler.commands().hold(slot);
        }
        if (message.expiring()) {
            scheduler.commands().expire(slot);
        }
        if (message.warned()) {
            scheduler.commands().setWarned(slot);
        }
    }

    private void add(int slot, int index, Envelope envelope, RecipientState told) {
        MailAddress address = envelope.recipients().get(index).address();
        int destination = firstDestination.destination(address, envelope);
        if (told.kind() == Kind.QUEUED) {
            state.addReady(slot, index, address, destination);
        } else {
            long dueNs = clock.toNs(told.dueMs());
            state.addDeferred(slot, index, address, destination, told.attempts(), dueNs, Reason.of(told));
        }
    }

    @Override
    public void onState(long queueId, int recipientIndex, RecipientState told) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return;
        }
        if (told.kind().isOwing()) {
            state.owed().owe(queueId, recipientIndex, told);
        } else if (told.kind() == Kind.REPORTED) {
            state.owed().onTold(queueId, recipientIndex);
        }
        restore(scheduler.view().recipientAt(slot, recipientIndex), told);
    }

    private void restore(int recipient, RecipientState told) {
        if (recipient == Scheduler.NONE || scheduler.view().status(recipient) == RecipientStatus.DONE) {
            return;
        }
        if (told.kind() == Kind.DEFERRED) {
            scheduler
                    .commands()
                    .restoreDeferred(
                            recipient,
                            told.attempts(),
                            clock.toNs(told.dueMs()),
                            Reason.of(told).encode());
        } else if (told.kind() != Kind.QUEUED) {
            scheduler.commands().restoreDone(recipient);
        }
    }

    @Override
    public void onHeld(long queueId, boolean held) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot != Scheduler.NONE && held) {
            scheduler.commands().hold(slot);
        } else if (slot != Scheduler.NONE) {
            scheduler.commands().release(slot, clock.nowNs());
        }
    }

    @Override
    public void onExpiring(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot != Scheduler.NONE) {
            scheduler.commands().expire(slot);
        }
    }

    @Override
    public void onWarned(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot != Scheduler.NONE) {
            scheduler.commands().setWarned(slot);
        }
    }

    @Override
    public void onTakenOver(long queueId, TakenOver takenOver) {
        if (takenOver.warning() == Warning.INHERITED) {
            onWarned(queueId);
        }
        state.onTakenOver(takenOver);
    }

    @Override
    public void onMoved(long queueId, BodyRef body) {
        state.onMoved(queueId, body);
    }

    @Override
    public void onRemoved(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot != Scheduler.NONE) {
            state.remove(slot);
        }
    }

    @Override
    public @Nullable BodyRef bodyOf(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        return slot == Scheduler.NONE ? null : state.body(slot);
    }

    @Override
    public void forEachLive(Consumer<BodyRef> live) {
        int cursor = 0;
        while (cursor != Scheduler.NONE) {
            cursor = scheduler.view().walkMessages(cursor, 1000, slot -> live.accept(state.body(slot)));
        }
    }

    @Override
    public void onQuarantined(Path where, String why) {
        quarantinedCount++;
        warnings.accept(why + "; kept in " + where);
    }
}

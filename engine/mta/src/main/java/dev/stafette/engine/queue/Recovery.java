// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
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
    private final Scheduler scheduler;
    private final ActiveMessages active;
    private final QueueDomains domains;
    private final Entrance entrance;
    private final QueueClock clock;
    private final Consumer<String> warnings;
    private static final RecipientState REPORTED = new RecipientState(Kind.REPORTED, 0, 0, 0, "", null);

    private int quarantinedCount;

    Recovery(
            Scheduler scheduler,
            ActiveMessages active,
            QueueDomains domains,
            Entrance entrance,
            QueueClock clock,
            Consumer<String> warnings) {
        this.scheduler = scheduler;
        this.active = active;
        this.domains = domains;
        this.entrance = entrance;
        this.clock = clock;
        this.warnings = warnings;
    }

    /** Chooses the destination that a recipient enters the index with. */
    interface Entrance {
        int destination(MailAddress recipient, MailAddress sender);
    }

    int quarantinedCount() {
        return quarantinedCount;
    }

    @Override
    public void onMessage(long queueId, long arrivalMs, Envelope envelope, LiveMessage message) {
        if (message.states().length == 0 && scheduler.slotOf(queueId) != Scheduler.NONE) {
            // Checkpointed, with states that follow one by one; should the process have ended before the last of them,
            // what
            // an
            // older generation has said of the others is all that is known.
            return;
        }
        onRemoved(queueId);
        int slot = Admission.index(scheduler, active, queueId, clock.toNs(arrivalMs), envelope, message.body());
        domains.onMessage(slot, envelope.sender());
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            RecipientState state = i < message.states().length ? message.states()[i] : RecipientState.QUEUED;
            EnvelopeRecipient recipient = recipients.get(i);
            if (state.kind().isOwing()) {
                active.owe(queueId, i, state);
            } else if (!state.kind().isDone()) {
                int destination = entrance.destination(recipient.address(), envelope.sender());
                int added = Admission.checkIndexed(scheduler, add(slot, i, destination, state));
                domains.onRecipient(added, recipient.address());
            }
        }
        if (message.held()) {
            scheduler.hold(slot);
        }
        if (message.expiring()) {
            scheduler.expire(slot);
        }
        if (message.warned()) {
            scheduler.setWarned(slot);
        }
    }

    private int add(int slot, int index, int destination, RecipientState state) {
        if (state.kind() == Kind.QUEUED) {
            return scheduler.addReady(slot, index, destination);
        }
        return scheduler.addDeferred(
                slot,
                index,
                destination,
                state.attempts(),
                clock.toNs(state.dueMs()),
                reason(state).encode());
    }

    private static Reason reason(RecipientState state) {
        EnhancedStatus status =
                state.statusPacked() == 0 ? EnhancedStatus.of(4, 0, 0) : EnhancedStatus.unpack(state.statusPacked());
        return new Reason(status, state.remoteMta(), state.reply());
    }

    static RecipientReport report(int index, Envelope envelope, RecipientState state) {
        return RecipientReport.of(index, envelope, state.kind(), reason(state));
    }

    @Override
    public void onState(long queueId, int recipientIndex, RecipientState state) {
        int slot = scheduler.slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return;
        }
        if (state.kind().isOwing()) {
            active.owe(queueId, recipientIndex, state);
        } else if (state.kind() == Kind.REPORTED) {
            active.onTold(queueId, recipientIndex);
        }
        restore(scheduler.recipientAt(slot, recipientIndex), state);
    }

    private void restore(int recipient, RecipientState state) {
        if (recipient == Scheduler.NONE || scheduler.status(recipient) == RecipientStatus.DONE) {
            return;
        }
        if (state.kind() == Kind.DEFERRED) {
            scheduler.restoreDeferred(
                    recipient,
                    state.attempts(),
                    clock.toNs(state.dueMs()),
                    reason(state).encode());
        } else if (state.kind() != Kind.QUEUED) {
            scheduler.restoreDone(recipient);
        }
    }

    @Override
    public void onHeld(long queueId, boolean held) {
        int slot = scheduler.slotOf(queueId);
        if (slot != Scheduler.NONE && held) {
            scheduler.hold(slot);
        } else if (slot != Scheduler.NONE) {
            scheduler.release(slot, clock.nowNs());
        }
    }

    @Override
    public void onExpiring(long queueId) {
        int slot = scheduler.slotOf(queueId);
        if (slot != Scheduler.NONE) {
            scheduler.expire(slot);
        }
    }

    @Override
    public void onWarned(long queueId) {
        int slot = scheduler.slotOf(queueId);
        if (slot != Scheduler.NONE) {
            scheduler.setWarned(slot);
        }
    }

    @Override
    public void onTakenOver(long queueId, TakenOver takenOver) {
        if (takenOver.warning() == Warning.INHERITED) {
            onWarned(queueId);
        }
        int slot = scheduler.slotOf(takenOver.queueId());
        if (slot == Scheduler.NONE) {
            return;
        }
        if (takenOver.warning() == Warning.GIVEN) {
            scheduler.setWarned(slot);
        }
        for (int index : takenOver.recipients()) {
            active.onTold(takenOver.queueId(), index);
            restore(scheduler.recipientAt(slot, index), REPORTED);
        }
    }

    @Override
    public void onMoved(long queueId, BodyRef body) {
        int slot = scheduler.slotOf(queueId);
        if (slot != Scheduler.NONE && body.isSingle()) {
            scheduler.relocate(slot, body.packedA(), body.packedB());
        }
    }

    @Override
    public void onRemoved(long queueId) {
        int slot = scheduler.slotOf(queueId);
        if (slot != Scheduler.NONE) {
            domains.onRemoved(scheduler, slot);
            scheduler.remove(slot);
            active.forget(queueId);
        }
    }

    @Override
    public @Nullable BodyRef bodyOf(long queueId) {
        int slot = scheduler.slotOf(queueId);
        return slot == Scheduler.NONE ? null : active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
    }

    @Override
    public void forEachLive(Consumer<BodyRef> live) {
        int cursor = 0;
        while (cursor != Scheduler.NONE) {
            cursor = scheduler.walkMessages(cursor, 1000, slot -> {
                BodyRef body = bodyOf(scheduler.queueId(slot));
                if (body != null) {
                    live.accept(body);
                }
            });
        }
    }

    @Override
    public void onQuarantined(Path where, String why) {
        quarantinedCount++;
        warnings.accept(why + "; kept in " + where);
    }
}

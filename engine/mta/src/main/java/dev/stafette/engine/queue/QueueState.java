// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is in the queue: the index, the messages in memory, the domains, what senders are owed, who is suspended, the probes. A
 * message enters all of them here, and leaves all of them here.
 * Thread: queue agent.
 */
final class QueueState {
    private final Scheduler scheduler;
    private final ActiveMessages active = new ActiveMessages();
    private final QueueDomains domains = new QueueDomains();
    private final OwedReports owed = new OwedReports();
    private final Suspensions suspensions = new Suspensions();
    private final PendingProbes probes;

    /** Of bodies with more than one extent, for which an index record has no room; by queue id. */
    private final Long2ObjectHashMap<BodyRef> manyExtents = new Long2ObjectHashMap<>();

    /** Null while the journal is read, and where it is only looked at: then the journal is what says who has left. */
    private @Nullable Spool journal;

    QueueState(Scheduler scheduler, ProbeListener probeListener) {
        this.scheduler = scheduler;
        this.probes = new PendingProbes(probeListener);
    }

    /** The journal has been read; from now on what leaves the queue is written there. */
    void onRecovered(Spool spool) {
        journal = spool;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    ActiveMessages active() {
        return active;
    }

    QueueDomains domains() {
        return domains;
    }

    OwedReports owed() {
        return owed;
    }

    Suspensions suspensions() {
        return suspensions;
    }

    PendingProbes probes() {
        return probes;
    }

    /** Enters the message; its recipients follow. Returns its slot. */
    int addMessage(long queueId, long arrivalNs, Envelope envelope, BodyRef body) {
        boolean single = body.isSingle();
        if (!single) {
            manyExtents.put(queueId, body);
        }
        int slot = checkIndexed(
                scheduler,
                scheduler.addMessage(
                        queueId,
                        arrivalNs,
                        envelope.sender().isNull(),
                        single ? body.packedA() : 0,
                        single ? body.packedB() : 0));
        probes.onEntered(queueId, envelope);
        if (envelope.trace().onlyAsks()) {
            scheduler.commands().tryOnce(slot);
        }
        if (envelope.verp() != null) {
            scheduler.commands().tryOneByOne(slot);
        }
        domains.onMessage(slot, envelope.sender());
        return slot;
    }

    /** A recipient to be tried at once. */
    void addReady(int slot, int envelopeIndex, MailAddress address, int destination) {
        domains.onRecipient(checkIndexed(scheduler, scheduler.addReady(slot, envelopeIndex, destination)), address);
    }

    /** A recipient that waits. */
    void addDeferred(
            int slot, int envelopeIndex, MailAddress address, int destination, int attempts, long dueNs, Reason why) {
        int recipient = scheduler.addDeferred(slot, envelopeIndex, destination, attempts, dueNs, why.encode());
        domains.onRecipient(checkIndexed(scheduler, recipient), address);
    }

    /**
     * What is on disk and acknowledged has its place in the index: a restart with more memory brings it back, while going
     * on would lose sight of it.
     */
    static int checkIndexed(Scheduler scheduler, int slot) {
        if (slot == Scheduler.NONE) {
            throw new IllegalStateException(
                    "no memory for the index of " + scheduler.view().messageCount() + " messages");
        }
        return slot;
    }

    BodyRef body(int slot) {
        BodyRef many =
                manyExtents.isEmpty() ? null : manyExtents.get(scheduler.view().queueId(slot));
        return many != null
                ? many
                : BodyRef.unpack(scheduler.view().bodyA(slot), scheduler.view().bodyB(slot));
    }

    /** The message's body lies elsewhere. */
    void onMoved(long queueId, BodyRef body) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot != Scheduler.NONE && body.isSingle()) {
            scheduler.commands().relocate(slot, body.packedA(), body.packedB());
        }
    }

    /**
     * A new message is durable, and with it the journal says that this is the older one's no longer. It may be told more
     * than once.
     */
    void onTakenOver(TakenOver takenOver) {
        int slot = scheduler.view().slotOf(takenOver.queueId());
        if (slot == Scheduler.NONE) {
            return;
        }
        ActiveMessage message = active.get(slot);
        if (message != null) {
            message.onTakenOver(takenOver);
        }
        if (takenOver.warning() == Warning.GIVEN) {
            scheduler.commands().setWarned(slot);
        }
        for (int index : takenOver.recipients()) {
            owed.onTold(takenOver.queueId(), index);
            int recipient = scheduler.view().recipientAt(slot, index);
            // What is in flight is settled by its outcome.
            if (recipient != Scheduler.NONE
                    && scheduler.view().status(recipient) != RecipientStatus.DONE
                    && scheduler.view().status(recipient) != RecipientStatus.IN_FLIGHT) {
                scheduler.commands().restoreDone(recipient);
            }
        }
    }

    /**
     * The one way out of the queue: the journal first, then everything that is known of the message. What is in flight of
     * it goes on, and whatever comes of that, the message does not come back.
     */
    void remove(int slot) {
        long queueId = scheduler.view().queueId(slot);
        if (journal != null) {
            journal.removed(queueId, body(slot));
        }
        domains.onRemoved(scheduler, slot);
        scheduler.commands().remove(slot);
        manyExtents.remove(queueId);
        suspensions.end(queueId);
        owed.forget(queueId);
        active.remove(slot);
        probes.onLeft(queueId);
    }
}

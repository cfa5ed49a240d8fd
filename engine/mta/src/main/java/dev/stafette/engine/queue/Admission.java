// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.DurableListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.util.List;
import java.util.function.Consumer;

/**
 * The way into the queue: what arrives is written to the spool, and what has become durable enters the index.
 * Thread: queue agent.
 */
final class Admission implements DurableListener {
    private final Spool spool;
    private final Scheduler scheduler;
    private final Routing routing;
    private final ActiveMessages active;
    private final QueueDomains domains;
    private final QueueListener listener;
    private final QueueClock clock;
    private final Consumer<TakenOver> onTakenOver;

    /** @param onTakenOver hears what an older message has lost to a new one that is durable */
    Admission(QueueParts parts, ActiveMessages active, Consumer<TakenOver> onTakenOver) {
        this.spool = parts.spool();
        this.scheduler = parts.scheduler();
        this.routing = parts.routing();
        this.listener = parts.listener();
        this.clock = parts.clock();
        this.active = active;
        this.onTakenOver = onTakenOver;
        this.domains = parts.domains();
    }

    /** A part of a large message: without room its session is told, and sends no more of it. */
    void onChunk(IncomingExtent extent) {
        if (!spool.tryWrite(extent)) {
            refuse(extent.listener());
        }
    }

    void onAccepted(QueueCommand.Accepted command) {
        IncomingMessage message = command.message();
        if (!write(command)) {
            spool.abandon(message.queueId());
            refuse(message.listener());
            return;
        }
        spool.accept(message);
    }

    /** False, with what was not written released, when there is no room. */
    private boolean write(QueueCommand.Accepted command) {
        boolean room =
                scheduler.hasRoom(command.message().envelope().recipients().size());
        IncomingExtent rest = command.rest();
        if (rest != null) {
            if (room) {
                room = spool.tryWrite(rest);
            } else {
                rest.release();
            }
        }
        if (room) {
            return spool.tryWrite(command.first());
        }
        command.first().release();
        return false;
    }

    private static void refuse(CommitListener session) {
        session.owner().execute(() -> session.onCommitted(CommitResult.NO_SPACE));
    }

    void onAbandoned(long queueId) {
        spool.abandon(queueId);
    }

    /** The message is on stable storage, or its session has been told that it is not. */
    @Override
    public void onAccepted(IncomingMessage message, BodyRef body, CommitResult result) {
        if (result != CommitResult.DURABLE) {
            return;
        }
        TakenOver takesOver = message.takesOver();
        if (takesOver != null) {
            onTakenOver.accept(takesOver);
        }
        Envelope envelope = message.envelope();
        int slot = index(scheduler, active, message.queueId(), message.arrivalNs(), envelope, body);
        ActiveMessage entry = new ActiveMessage(
                message.queueId(), slot, envelope, body, message.arrivalMs(), message.arrivalNs(), clock.nowNs());
        if (active.hasRoom()) {
            active.put(entry);
        }
        listener.onActive(entry);
        domains.onMessage(slot, envelope.sender());
        if (takesOver != null && takesOver.warning() == Warning.INHERITED) {
            scheduler.setWarned(slot);
        }
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            int added = checkIndexed(scheduler, scheduler.addReady(slot, i, routing.enter(entry, i)));
            domains.onRecipient(added, recipients.get(i).address());
        }
    }

    @Override
    public void onBatch(int syncCount, long durationNs) {
        listener.onBatch(syncCount, durationNs);
    }

    /** Enters the message itself; its recipients follow. Recovery uses it too. */
    static int index(
            Scheduler scheduler, ActiveMessages active, long queueId, long arrivalNs, Envelope envelope, BodyRef body) {
        active.keepBody(queueId, body);
        boolean single = body.isSingle();
        int slot = scheduler.addMessage(
                queueId,
                arrivalNs,
                envelope.sender().isNull(),
                single ? body.packedA() : 0,
                single ? body.packedB() : 0);
        checkIndexed(scheduler, slot);
        if (envelope.trace() == TraceMode.VERIFY) {
            scheduler.tryOnce(slot);
        }
        if (envelope.verp() != null) {
            scheduler.tryOneByOne(slot);
        }
        return slot;
    }

    /**
     * What is on disk and acknowledged has its place in the index: a restart with more memory brings it back, while going
     * on would lose sight of it.
     */
    static int checkIndexed(Scheduler scheduler, int slot) {
        if (slot == Scheduler.NONE) {
            throw new IllegalStateException("no memory for the index of " + scheduler.messageCount() + " messages");
        }
        return slot;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.DurableListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The way into the queue: what arrives is written to the spool, and what has become durable enters the index.
 * Thread: queue agent.
 */
final class Admission implements DurableListener {
    private final Spool spool;
    private final QueueState state;
    private final Routing routing;
    private final QueueListener listener;
    private final QueueClock clock;

    // Owned by the queue agent.
    private int probesMax;

    Admission(QueueParts parts, Spool spool, QueueState state, Routing routing, QueueClock clock) {
        this.spool = spool;
        this.state = state;
        this.routing = routing;
        this.listener = parts.listener();
        this.clock = clock;
        this.probesMax = parts.rules().probesMax();
    }

    /** From now on. */
    void reload(QueueRules newRules) {
        probesMax = newRules.probesMax();
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
        boolean room = state.scheduler()
                .hasRoom(command.message().envelope().recipients().size());
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

    /** The journal says of each that he is done, since there is no message whose acceptance would say it. */
    void onDiscarded(QueueCommand.Discarded discarded) {
        TakenOver takesOver = discarded.takesOver();
        for (int index : takesOver.recipients()) {
            spool.attempted(takesOver.queueId(), index, RecipientState.REPORTED);
        }
        if (takesOver.warning() == Warning.GIVEN) {
            spool.warned(takesOver.queueId());
        }
        spool.whenDurable(new Settled(state, takesOver, discarded.bringer()));
    }

    /** It is told by the spool's owner, the queue agent. */
    private record Settled(QueueState state, TakenOver takesOver, CommitListener bringer) implements CommitListener {
        @Override
        public Executor owner() {
            return Runnable::run;
        }

        @Override
        public void onCommitted(CommitResult result) {
            if (result == CommitResult.DURABLE) {
                state.onTakenOver(takesOver);
            }
            bringer.owner().execute(() -> bringer.onCommitted(result));
        }
    }

    /** The message is on stable storage, or its session has been told that it is not. */
    @Override
    public void onAccepted(IncomingMessage message, BodyRef body, CommitResult result) {
        if (result != CommitResult.DURABLE) {
            return;
        }
        TakenOver takesOver = message.takesOver();
        if (takesOver != null) {
            state.onTakenOver(takesOver);
        }
        Envelope envelope = message.envelope();
        int slot = state.addMessage(message.queueId(), message.arrivalNs(), envelope, body);
        ActiveMessage entry = new ActiveMessage(
                message.queueId(), slot, envelope, body, message.arrivalMs(), message.arrivalNs(), clock.nowNs());
        addExpanded(entry);
        if (state.active().hasRoom() || !entry.reports().isEmpty()) {
            state.active().put(entry);
        }
        listener.onActive(entry);
        if (takesOver != null && takesOver.warning() == Warning.INHERITED) {
            state.scheduler().commands().setWarned(slot);
        }
        if (body.isHeld()) {
            state.scheduler().commands().hold(slot);
        }
        if (PendingProbes.isAliased(envelope)) {
            endAliased(entry);
            return;
        }
        boolean isTooMuch =
                envelope.trace() == TraceMode.PROBE && state.probes().count() > probesMax;
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            int destination = isTooMuch ? routing.enterBy(PendingProbes.TOO_MANY, entry, i) : routing.enter(entry, i);
            state.addReady(slot, i, recipients.get(i).address(), destination);
        }
    }

    /** If the process ends before the sender is told of them, it never is: the recipients have their outcomes all the same. */
    private static void addExpanded(ActiveMessage message) {
        Envelope envelope = message.envelope();
        if (!envelope.sender().isNull()) {
            for (EnvelopeRecipient alias : envelope.expanded()) {
                message.addReport(RecipientReport.ofExpanded(alias, envelope.trace()));
            }
        }
    }

    /** Nobody is asked, and the probe is over. */
    private void endAliased(ActiveMessage probe) {
        EnvelopeRecipient first = probe.envelope().recipients().get(0);
        MailAddress given = AddressParser.parse(first.given());
        EnvelopeRecipient asked = given == null ? first : new EnvelopeRecipient(given);
        DeliveryOutcome outcome = PendingProbes.ALIASED;
        listener.onAttempted(probe, asked, outcome.kind(), outcome, PendingProbes.ALIAS_SERVICE, new AttemptTimes());
        state.probes().listener().onProbed(probe.queueId(), asked, outcome.kind(), outcome.text());
        state.remove(probe.slot());
        listener.onRemoved(probe);
    }

    @Override
    public void onBatch(int syncCount, long durationNs) {
        listener.onBatch(syncCount, durationNs);
    }
}

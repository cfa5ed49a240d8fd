// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnAction;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.scheduler.Entry;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import java.util.function.Predicate;

/**
 * Settles recipients whose attempt has ended, or who ran out of time: the scheduler says what becomes of the recipient,
 * the journal keeps that, and then the mail log hears of it. A report, and the end of the message, come after it in
 * {@link RoundEnd}.
 * Thread: queue agent.
 */
final class Settlement {
    /** What a recipient gets that waits for a dead destination. */
    private static final EnhancedStatus SUSPENDED = EnhancedStatus.of(4, 3, 2);

    private final Spool spool;
    private final Scheduler scheduler;
    private final ActiveMessages active;
    private final MessageLoader loader;
    private final DelayWarnings delays;
    private final RoundEnd roundEnd;
    private final QueueListener listener;
    private final ProbeListener probes;
    private final QueueClock clock;
    private final AttemptTimes times = new AttemptTimes();

    // Owned by the queue agent.
    private Predicate<String> softBounce;

    Settlement(
            QueueParts parts,
            Spool spool,
            QueueState state,
            MessageLoader loader,
            DelayWarnings delays,
            RoundEnd roundEnd,
            QueueClock clock) {
        this.spool = spool;
        this.scheduler = state.scheduler();
        this.active = state.active();
        this.loader = loader;
        this.delays = delays;
        this.roundEnd = roundEnd;
        this.listener = parts.listener();
        this.probes = parts.probes();
        this.clock = clock;
        this.softBounce = parts.rules().softBounce();
    }

    /** From now on. */
    void reload(QueueRules newRules) {
        softBounce = newRules.softBounce();
        delays.reload(newRules);
    }

    void onAttempted(DispatchedEntry attempt, DeliveryReport report) {
        ActiveMessage message = attempt.message();
        message.onReturned();
        scheduler.learnSite(attempt.entry(), report.site());
        if (report.isUntried()) {
            scheduler.giveBack(attempt.entry(), clock.nowNs());
            roundEnd.onIdle(message);
            return;
        }
        times.set(
                message.activeNs() - message.arrivalNs(),
                attempt.dispatchedNs() - message.activeNs() + report.waitNs(),
                report.connectNs(),
                report.transmitNs());
        DeliveryOutcome[] outcomes = report.outcomes();
        for (int i = 0; i < outcomes.length; i++) {
            settle(attempt, i, outcomes[i]);
        }
        scheduler.finish(attempt.entry(), report.siteFailure(), clock.nowNs());
        roundEnd.onIdle(message);
    }

    private void settle(DispatchedEntry attempt, int i, DeliveryOutcome outcome) {
        ActiveMessage message = attempt.message();
        Entry entry = attempt.entry();
        // Whoever only asks hears the truth.
        if (outcome.kind() == DeliveryOutcome.Kind.BOUNCED
                && softBounce.test(attempt.transport())
                && !message.envelope().trace().onlyAsks()) {
            settle(message, entry, i, DeliveryOutcome.Kind.DEFERRED, outcome.softened(), attempt.transport());
            return;
        }
        settle(message, entry, i, outcome.kind(), outcome, attempt.transport());
    }

    private void settle(
            ActiveMessage message,
            Entry entry,
            int i,
            DeliveryOutcome.Kind kind,
            DeliveryOutcome outcome,
            String transport) {
        int index = entry.envelopeIndex(i);
        EnvelopeRecipient recipient = message.envelope().recipients().get(index);
        boolean expired = false;
        if (message.envelope().trace() == TraceMode.VERIFY) {
            verified(message, entry, i, kind, outcome);
        } else if (message.envelope().trace() == TraceMode.PROBE) {
            scheduler.settleDone(entry, i);
            probed(message, index, outcome.kind(), outcome.text());
        } else {
            boolean traced = isTraced(message, entry.recipient(i));
            switch (kind) {
                case DELIVERED -> delivered(message, entry, i, outcome, traced);
                case DEFERRED -> {
                    expired = deferred(message, entry, i, outcome);
                    trace(traced, DsnAction.DELAYED, message, index, outcome);
                }
                case BOUNCED -> {
                    scheduler.settleDone(entry, i);
                    failed(message, index, outcome);
                    trace(traced, DsnAction.FAILED, message, index, outcome);
                }
            }
        }
        // Not before it is journaled: should the process be killed between the two, it would be tried again though the
        // log says that it was sent.
        listener.onAttempted(message, recipient, kind, outcome, transport, times);
        if (expired) {
            expire(message, recipient, new Reason(outcome.status(), outcome.remoteMta(), outcome.text()));
        }
    }

    /** Each of those that have failed is told of; the recipient's state in the journal is that of the last. */
    private void failed(ActiveMessage message, int index, DeliveryOutcome outcome) {
        if (outcome.parts().isEmpty()) {
            owe(message, report(DsnKind.FAILURE, DsnAction.FAILED, message, index, outcome.status(), outcome));
        }
        for (DeliveryPart part : outcome.parts()) {
            DeliveryOutcome one = part.outcome();
            if (one.kind() == DeliveryOutcome.Kind.BOUNCED) {
                owe(message, RecipientReport.ofPart(index, part));
            }
        }
    }

    /** Nothing was to be delivered, and it is not asked again. */
    private void verified(
            ActiveMessage message, Entry entry, int i, DeliveryOutcome.Kind kind, DeliveryOutcome outcome) {
        boolean would = kind == DeliveryOutcome.Kind.DELIVERED;
        scheduler.settleDone(entry, i);
        owe(
                message,
                report(
                        DsnKind.VERIFY,
                        would ? DsnAction.DELIVERABLE : DsnAction.UNDELIVERABLE,
                        message,
                        entry.envelopeIndex(i),
                        outcome.status(),
                        outcome));
    }

    /** Nobody is told but who has asked. */
    private void probed(ActiveMessage probe, int index, DeliveryOutcome.Kind kind, String text) {
        if (!probe.isRemoved()) {
            spool.delivered(probe.queueId(), index);
        }
        probes.onProbed(probe.queueId(), probe.envelope().recipients().get(index), kind, text);
    }

    /** Besides what follows from the outcome anyway. */
    private void trace(boolean traced, DsnAction action, ActiveMessage message, int index, DeliveryOutcome outcome) {
        if (traced && !message.isRemoved()) {
            message.addReport(report(DsnKind.VERIFY, action, message, index, outcome.status(), outcome));
            active.put(message);
        }
    }

    /** What becomes of it at its first attempt is to be told. */
    private boolean isTraced(ActiveMessage message, int recipient) {
        return message.envelope().trace() == TraceMode.RECORD
                && scheduler.view().attempts(recipient) == 0
                && !message.envelope().sender().isNull();
    }

    private void delivered(ActiveMessage message, Entry entry, int i, DeliveryOutcome outcome, boolean traced) {
        int index = entry.envelopeIndex(i);
        scheduler.settleDone(entry, i);
        if (message.isRemoved()) {
            return;
        }
        if (traced || isToBeConfirmed(message, index, outcome.handover())) {
            DsnAction action = action(outcome.handover());
            DsnKind kind = traced ? DsnKind.VERIFY : DsnKind.SUCCESS;
            owe(message, report(kind, action, message, index, outcome.status(), outcome));
            return;
        }
        spool.delivered(message.queueId(), index);
    }

    private static DsnAction action(Handover handover) {
        return switch (handover) {
            case FINAL -> DsnAction.DELIVERED;
            case EXPANDED -> DsnAction.EXPANDED;
            case RELAYED, PASSED_ON, UNKNOWN -> DsnAction.RELAYED;
        };
    }

    /** RFC 3461 §5.2: a site that was given the request for a report sends it itself. */
    private static boolean isToBeConfirmed(ActiveMessage message, int index, Handover handover) {
        EnvelopeRecipient recipient = message.envelope().recipients().get(index);
        return DsnNotify.wantsSuccess(recipient.notifyBits())
                && handover != Handover.PASSED_ON
                && !message.envelope().sender().isNull();
    }

    /** Returns whether its time is up with that. */
    private boolean deferred(ActiveMessage message, Entry entry, int i, DeliveryOutcome outcome) {
        int index = entry.envelopeIndex(i);
        int recipient = entry.recipient(i);
        int attempts = scheduler.view().attempts(recipient) + 1;
        message.onDeferred(index);
        String reason = new Reason(outcome.status(), outcome.remoteMta(), outcome.text()).encode();
        long dueNs = scheduler.settleDeferred(entry, i, clock.nowNs(), reason);
        if (dueNs == Scheduler.REMOVED) {
            return false;
        }
        if (dueNs == Scheduler.EXPIRED) {
            EnhancedStatus status = expiredStatus(outcome.status());
            owe(message, report(DsnKind.FAILURE, DsnAction.FAILED, message, index, status, outcome));
            return true;
        }
        spool.attempted(
                message.queueId(),
                index,
                new RecipientState(
                        Kind.DEFERRED,
                        attempts,
                        clock.toEpochMs(dueNs),
                        outcome.status().packed(),
                        outcome.text(),
                        outcome.remoteMta()));
        return false;
    }

    private static RecipientReport report(
            DsnKind kind,
            DsnAction action,
            ActiveMessage message,
            int index,
            EnhancedStatus status,
            DeliveryOutcome outcome) {
        return new RecipientReport(
                kind,
                action,
                index,
                message.envelope().recipients().get(index),
                status,
                outcome.text(),
                outcome.remoteMta(),
                outcome.diagnostic());
    }

    /** As Postfix reports it: what was transient to the last does not condemn the address with those who count failures. */
    private static EnhancedStatus expiredStatus(EnhancedStatus last) {
        return last.withClass(4);
    }

    /** The recipient is settled, and done when its sender knows. */
    private void owe(ActiveMessage message, RecipientReport report) {
        if (message.isRemoved()) {
            return;
        }
        spool.attempted(message.queueId(), report.envelopeIndex(), report.state());
        message.addReport(report);
        active.put(message);
    }

    private void expire(ActiveMessage message, EnvelopeRecipient recipient, Reason last) {
        boolean byOperator = scheduler.view().isExpiring(message.slot());
        listener.onExpired(message, recipient, last, byOperator, message.noteExpired());
    }

    /** A waiting recipient ran out of time. */
    void onExpired(int slot, int recipient) {
        int index = scheduler.view().envelopeIndexOf(recipient);
        Reason reason = Reason.decode(scheduler.view().reasonOf(recipient));
        loader.withMessage(slot, message -> {
            EnvelopeRecipient to = message.envelope().recipients().get(index);
            String text = reason.text().isEmpty() ? "not delivered in time" : reason.text();
            Reason why = new Reason(reason.status(), reason.remoteMta(), text);
            if (message.envelope().trace() == TraceMode.PROBE) {
                listener.onSuspended(message, to, text, SUSPENDED);
                probed(message, index, DeliveryOutcome.Kind.DEFERRED, text);
            } else if (message.envelope().trace() == TraceMode.VERIFY) {
                listener.onSuspended(message, to, text, SUSPENDED);
                owe(
                        message,
                        RecipientReport.of(
                                DsnKind.VERIFY, DsnAction.UNDELIVERABLE, index, to, why.withStatus(SUSPENDED)));
            } else {
                expire(message, to, why);
                Reason last = why.withStatus(expiredStatus(reason.status()));
                owe(message, RecipientReport.of(DsnKind.FAILURE, DsnAction.FAILED, index, to, last));
            }
            roundEnd.onIdle(message);
        });
    }

    /** A waiting recipient was deferred without an attempt, since its destination is dead. */
    void onSuspended(int slot, int recipient, String why, long dueNs) {
        long queueId = scheduler.view().queueId(slot);
        int index = scheduler.view().envelopeIndexOf(recipient);
        String text = Scheduler.SUSPENDED + why;
        spool.attempted(
                queueId,
                index,
                new RecipientState(
                        Kind.DEFERRED,
                        scheduler.view().attempts(recipient),
                        clock.toEpochMs(dueNs),
                        SUSPENDED.packed(),
                        text,
                        null));
        ActiveMessage message = active.get(slot);
        if (message != null) {
            listener.onSuspended(message, message.envelope().recipients().get(index), text, SUSPENDED);
            roundEnd.onIdle(message);
        } else if (delays.isDue(slot) && !scheduler.view().isActive(slot)) {
            loader.withMessage(slot, roundEnd::onIdle);
        }
    }

    /** Nothing was attempted: some recipients of the entry are for another destination, or nobody knows for which. */
    void onRerouted(QueueCommand.Routed routed, Routing routing) {
        ActiveMessage message = routed.message();
        Entry entry = routed.entry();
        times.set(message.activeNs() - message.arrivalNs(), clock.nowNs() - message.activeNs(), 0, 0);
        for (int i = 0; i < entry.size(); i++) {
            Route route = routed.routes()[i];
            if (route == null) {
                settle(message, entry, i, DeliveryOutcome.Kind.DEFERRED, Routing.NO_ROUTE, Routing.SERVICE);
            } else if (!routing.isTo(entry.destination(), route)) {
                scheduler.settleMoved(entry, i, routing.destination(route), clock.nowNs());
            }
        }
        scheduler.giveBack(entry, clock.nowNs());
        roundEnd.onIdle(message);
    }
}

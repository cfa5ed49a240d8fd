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
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.scheduler.Entry;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import dev.stafette.storage.format.TakenOver;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from an outcome: the journal first, then the scheduler, the log, a report to the sender, and the end of
 * the message.
 * Thread: queue agent.
 */
final class Settlement {
    /** What a recipient gets that waits for a dead destination. */
    private static final EnhancedStatus SUSPENDED = EnhancedStatus.of(4, 3, 2);

    private static final EnhancedStatus EXPIRED = EnhancedStatus.of(5, 4, 7);

    private static final int WALK_LIMIT = 1000;

    private final Spool spool;
    private final Scheduler scheduler;
    private final ActiveMessages active;
    private final QueueDomains domains;
    private final MessageLoader loader;
    private final Reports reports;
    private final DelayWarnings delays;
    private final QueueListener listener;
    private final QueueClock clock;
    private final AttemptTimes times = new AttemptTimes();

    // Owned by the queue agent.
    private QueueRules rules;

    Settlement(QueueParts parts, ActiveMessages active, MessageLoader loader, Reports reports) {
        this.spool = parts.spool();
        this.scheduler = parts.scheduler();
        this.listener = parts.listener();
        this.clock = parts.clock();
        this.rules = parts.rules();
        this.active = active;
        this.domains = parts.domains();
        this.loader = loader;
        this.reports = reports;
        this.delays = new DelayWarnings(scheduler, clock, rules.delayWarningNs());
    }

    /** From now on. */
    void reload(QueueRules newRules) {
        rules = newRules;
        delays.reload(newRules.delayWarningNs());
    }

    void onAttempted(DispatchedEntry attempt, DeliveryReport report) {
        ActiveMessage message = attempt.message();
        message.onReturned();
        scheduler.learnSite(attempt.entry(), report.site());
        if (report.isUntried()) {
            scheduler.giveBack(attempt.entry(), clock.nowNs());
            afterRound(message);
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
        afterRound(message);
    }

    private void settle(DispatchedEntry attempt, int i, DeliveryOutcome outcome) {
        ActiveMessage message = attempt.message();
        Entry entry = attempt.entry();
        DeliveryOutcome.Kind kind = outcome.kind() == DeliveryOutcome.Kind.BOUNCED && rules.softBounce()
                ? DeliveryOutcome.Kind.DEFERRED
                : outcome.kind();
        settle(message, entry, i, kind, outcome, attempt.transport());
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
        listener.onAttempted(message, recipient, kind, outcome, transport, times);
        if (message.envelope().trace() == TraceMode.VERIFY) {
            verified(message, entry, i, kind, outcome);
            return;
        }
        boolean traced = isTraced(message, entry.recipient(i));
        switch (kind) {
            case DELIVERED -> delivered(message, entry, i, outcome, traced);
            case DEFERRED -> {
                deferred(message, entry, i, outcome);
                trace(traced, DsnAction.DELAYED, message, index, outcome);
            }
            case BOUNCED -> {
                scheduler.settleDone(entry, i);
                owe(message, report(DsnKind.FAILURE, DsnAction.FAILED, message, index, outcome.status(), outcome));
                trace(traced, DsnAction.FAILED, message, index, outcome);
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
                && scheduler.attempts(recipient) == 0
                && !message.envelope().sender().isNull();
    }

    private void delivered(ActiveMessage message, Entry entry, int i, DeliveryOutcome outcome, boolean traced) {
        int index = entry.envelopeIndex(i);
        scheduler.settleDone(entry, i);
        if (message.isRemoved()) {
            return;
        }
        if (traced || isToBeConfirmed(message, index, outcome.handover())) {
            DsnAction action = outcome.handover() == Handover.FINAL ? DsnAction.DELIVERED : DsnAction.RELAYED;
            DsnKind kind = traced ? DsnKind.VERIFY : DsnKind.SUCCESS;
            owe(message, report(kind, action, message, index, outcome.status(), outcome));
            return;
        }
        spool.delivered(message.queueId(), index);
    }

    /** RFC 3461 §5.2: a site that was given the request for a report sends it itself. */
    private static boolean isToBeConfirmed(ActiveMessage message, int index, Handover handover) {
        EnvelopeRecipient recipient = message.envelope().recipients().get(index);
        return DsnNotify.wantsSuccess(recipient.notifyBits())
                && handover != Handover.PASSED_ON
                && !message.envelope().sender().isNull();
    }

    private void deferred(ActiveMessage message, Entry entry, int i, DeliveryOutcome outcome) {
        int index = entry.envelopeIndex(i);
        int recipient = entry.recipient(i);
        int attempts = scheduler.attempts(recipient) + 1;
        message.onDeferred(index);
        String reason = new Reason(outcome.status(), outcome.remoteMta(), outcome.text()).encode();
        long dueNs = scheduler.settleDeferred(entry, i, clock.nowNs(), reason);
        if (dueNs == Scheduler.REMOVED) {
            return;
        }
        if (dueNs == Scheduler.EXPIRED) {
            expire(message);
            EnhancedStatus status = expiredStatus(outcome.status());
            owe(message, report(DsnKind.FAILURE, DsnAction.FAILED, message, index, status, outcome));
            return;
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

    /** The time is up: what was transient is final now (RFC 3463 keeps subject and detail over classes). */
    private static EnhancedStatus expiredStatus(EnhancedStatus last) {
        return last.subject() == 0 && last.detail() == 0 ? EXPIRED : last.withClass(5);
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

    private void expire(ActiveMessage message) {
        listener.onExpired(message, scheduler.isExpiring(message.slot()), message.noteExpired());
    }

    /** A waiting recipient ran out of time. */
    void onExpired(int slot, int recipient) {
        int index = scheduler.envelopeIndexOf(recipient);
        Reason reason = Reason.decode(scheduler.reasonOf(recipient));
        loader.withMessage(slot, message -> {
            EnvelopeRecipient to = message.envelope().recipients().get(index);
            String text = reason.text().isEmpty() ? "not delivered in time" : reason.text();
            Reason why = new Reason(reason.status(), reason.remoteMta(), text);
            if (message.envelope().trace() == TraceMode.VERIFY) {
                listener.onSuspended(message, to, text, SUSPENDED);
                owe(
                        message,
                        RecipientReport.of(
                                DsnKind.VERIFY, DsnAction.UNDELIVERABLE, index, to, why.withStatus(SUSPENDED)));
            } else {
                expire(message);
                Reason last = why.withStatus(expiredStatus(reason.status()));
                owe(message, RecipientReport.of(DsnKind.FAILURE, DsnAction.FAILED, index, to, last));
            }
            afterRound(message);
        });
    }

    /** A waiting recipient was deferred without an attempt, since its destination is dead. */
    void onSuspended(int slot, int recipient, String why, long dueNs) {
        long queueId = scheduler.queueId(slot);
        int index = scheduler.envelopeIndexOf(recipient);
        String text = "delivery temporarily suspended: " + why;
        spool.attempted(
                queueId,
                index,
                new RecipientState(
                        Kind.DEFERRED,
                        scheduler.attempts(recipient),
                        clock.toEpochMs(dueNs),
                        SUSPENDED.packed(),
                        text,
                        null));
        ActiveMessage message = active.get(slot);
        if (message != null) {
            listener.onSuspended(message, message.envelope().recipients().get(index), text, SUSPENDED);
            afterRound(message);
        } else if (delays.isDue(slot) && !scheduler.isActive(slot)) {
            loader.withMessage(slot, this::afterRound);
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
        afterRound(message);
    }

    /** Reports that were owed when the process ended. */
    void oweAgain() {
        for (long queueId : active.owing()) {
            loader.withMessage(scheduler.slotOf(queueId), message -> {
                active.takeOwed(queueId)
                        .forEach(
                                (index, state) -> message.addReport(Recovery.report(index, message.envelope(), state)));
                afterRound(message);
            });
        }
    }

    /** Messages of which everything was done, but for the record that ends them. */
    void endAgain() {
        List<Integer> done = new ArrayList<>();
        int cursor = 0;
        while (cursor != Scheduler.NONE) {
            cursor = scheduler.walkMessages(cursor, WALK_LIMIT, slot -> {
                if (scheduler.isDone(slot) && !active.isOwing(scheduler.queueId(slot))) {
                    done.add(slot);
                }
            });
        }
        for (int slot : done) {
            long queueId = scheduler.queueId(slot);
            spool.removed(queueId, active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot)));
            domains.onRemoved(scheduler, slot);
            scheduler.remove(slot);
            active.forget(queueId);
        }
    }

    /**
     * A new message is durable, and with it the journal says that this is the older one's no longer. Its own answer may
     * have come before, and done the same.
     */
    void onTakenOver(TakenOver takenOver) {
        int slot = scheduler.slotOf(takenOver.queueId());
        if (slot == Scheduler.NONE) {
            return;
        }
        ActiveMessage message = active.get(slot);
        if (message != null) {
            message.onTakenOver(takenOver);
        }
        for (int index : takenOver.recipients()) {
            int recipient = scheduler.recipientAt(slot, index);
            if (recipient != Scheduler.NONE && scheduler.status(recipient) != RecipientStatus.DONE) {
                scheduler.restoreDone(recipient);
            }
        }
    }

    void onReported(QueueCommand.Reported reported) {
        if (!reports.onReported(reported, clock.nowNs())) {
            return;
        }
        ActiveMessage message = reported.message();
        if (reported.reportQueueId() > 0) {
            listener.onReported(message, reported.told().get(0).kind(), reported.reportQueueId());
        }
        if (message.isRemoved()) {
            return;
        }
        if (reported.reportQueueId() == Reports.NOBODY_TO_TELL) {
            // Else the journal says it where it says that the report was accepted.
            reported.told().stream().filter(RecipientReport::settles).forEach(told -> onNobodyToTell(message, told));
        }
        message.removeReports(reported.told());
        afterRound(message);
    }

    private void onNobodyToTell(ActiveMessage message, RecipientReport told) {
        spool.attempted(
                message.queueId(),
                told.envelopeIndex(),
                new RecipientState(Kind.REPORTED, 0, 0, told.status().packed(), "", null));
    }

    /** When nothing of the message is under way: report what failed, end what is done, let go what waits. */
    void afterRound(ActiveMessage message) {
        if (message.isRemoved() || message.inFlightCount() > 0 || message.isReportInProgress()) {
            return;
        }
        int slot = message.slot();
        if (scheduler.isActive(slot)) {
            return;
        }
        if (!message.reports().isEmpty() || delays.isDue(slot) && delays.note(message)) {
            active.put(message);
            reports.owe(message);
            return;
        }
        if (scheduler.isDone(slot)) {
            spool.removed(message.queueId(), message.body());
            domains.onRemoved(scheduler, slot);
            scheduler.remove(slot);
            active.forget(message.queueId());
            message.onRemoved();
            listener.onRemoved(message);
        }
        active.drop(slot);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Meter;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.queue.ActiveMessage;
import dev.stafette.engine.queue.AttemptTimes;
import dev.stafette.engine.queue.QueueListener;
import dev.stafette.engine.queue.Reason;
import dev.stafette.storage.format.QueueId;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Writes down what happens to queued messages: the mail log and the histograms. Thread: queue agent. */
public final class QueueEvents implements QueueListener {
    private static final String QMGR = "qmgr";

    /** What Postfix has at work in the place of a transport that is not there. */
    private static final String ERROR = "error";

    private final MailLog log;
    private final Meter meter;
    private final Map<String, TransportLog> transports;
    private final BooleanSupplier keepsFailures;

    /**
     * @param transports what the log calls them, by the names of their services
     * @param keepsFailures whether it is remembered that a probe has failed
     */
    public QueueEvents(MailLog log, Meter meter, Map<String, TransportLog> transports, BooleanSupplier keepsFailures) {
        this.keepsFailures = keepsFailures;
        this.log = log;
        this.meter = meter;
        this.transports = transports;
    }

    @Override
    public void onActive(ActiveMessage message) {
        log.active(
                message.queueIdText(),
                message.envelope().sender().external(),
                message.body().sizeBytes(),
                message.envelope().recipients().size());
    }

    @Override
    public void onAttempted(
            ActiveMessage message,
            EnvelopeRecipient recipient,
            DeliveryOutcome.Kind kind,
            DeliveryOutcome outcome,
            String transport,
            AttemptTimes times) {
        TraceMode trace = message.envelope().trace();
        boolean probed = trace.onlyAsks();
        Delays delays = new Delays(times.beforeQueueNs(), times.inQueueNs(), times.connectNs(), times.transmitNs());
        if (outcome.parts().isEmpty()) {
            logged(
                    message,
                    recipient,
                    probed ? probed(kind, trace) : status(kind, outcome),
                    outcome,
                    transport,
                    delays);
        }
        // Failures are deferrals where the whole of them is.
        boolean isDeferred = kind == DeliveryOutcome.Kind.DEFERRED;
        boolean isSoft = isDeferred && outcome.kind() == DeliveryOutcome.Kind.BOUNCED;
        for (DeliveryPart part : outcome.parts()) {
            DeliveryOutcome own = part.outcome();
            boolean isFailure = own.kind() == DeliveryOutcome.Kind.BOUNCED;
            DeliveryOutcome said = isSoft && isFailure ? own.softened() : own;
            DeliveryOutcome.Kind one = isDeferred && isFailure ? kind : own.kind();
            DeliveryStatus status = probed ? probed(one, trace) : isSoft ? status(one, own) : status(one);
            logged(message, part.recipient(), status, said, part.service(), delays);
        }
        meter.record(Stage.QUEUE_WAIT, times.inQueueNs());
        if (times.connectNs() > 0) {
            meter.record(Stage.CONNECT, times.connectNs());
        }
        meter.record(Stage.TRANSMISSION, times.transmitNs());
        meter.record(Stage.DELIVERY, times.connectNs() + times.transmitNs());
        if (probed) {
            meter.count(Count.RECIPIENTS_PROBED);
            return;
        }
        if (kind != DeliveryOutcome.Kind.DEFERRED) {
            meter.record(Stage.ACCEPT_TO_FINAL, times.totalNs());
        }
        count(meter, kind, outcome);
    }

    private void logged(
            ActiveMessage message,
            EnvelopeRecipient recipient,
            DeliveryStatus status,
            DeliveryOutcome outcome,
            String service,
            Delays delays) {
        TransportLog known = transports.get(service);
        if (known == null) {
            log.warning(QMGR, "connect to transport private/" + service + ": No such file or directory");
        }
        (known == null ? log : known.log())
                .delivered(
                        known == null ? ERROR : known.program(),
                        message.queueIdText(),
                        recipient.address().external(),
                        recipient.givenAddress(),
                        status,
                        outcome,
                        delays);
    }

    private static DeliveryStatus status(DeliveryOutcome.Kind kind, DeliveryOutcome outcome) {
        boolean isSoft = kind == DeliveryOutcome.Kind.DEFERRED && outcome.kind() == DeliveryOutcome.Kind.BOUNCED;
        return isSoft ? DeliveryStatus.SOFT_BOUNCED : status(kind);
    }

    private static DeliveryStatus status(DeliveryOutcome.Kind kind) {
        return switch (kind) {
            case DELIVERED -> DeliveryStatus.SENT;
            case DEFERRED -> DeliveryStatus.DEFERRED;
            case BOUNCED -> DeliveryStatus.BOUNCED;
        };
    }

    private DeliveryStatus probed(DeliveryOutcome.Kind kind, TraceMode trace) {
        if (kind == DeliveryOutcome.Kind.DELIVERED) {
            return DeliveryStatus.DELIVERABLE;
        }
        return trace == TraceMode.VERIFY || keepsFailures.getAsBoolean()
                ? DeliveryStatus.UNDELIVERABLE
                : DeliveryStatus.UNDELIVERABLE_NOT_CACHED;
    }

    static void count(Meter meter, DeliveryOutcome.Kind kind, DeliveryOutcome outcome) {
        switch (kind) {
            case DELIVERED -> meter.count(Count.RECIPIENTS_DELIVERED);
            case BOUNCED -> meter.count(Count.RECIPIENTS_BOUNCED);
            case DEFERRED -> meter.count(Count.RECIPIENTS_DEFERRED);
        }
        if (outcome.handover() == DeliveryOutcome.Handover.UNKNOWN) {
            meter.count(Count.DUPLICATES_POSSIBLE);
        }
    }

    @Override
    public void onSuspended(ActiveMessage message, EnvelopeRecipient recipient, String text, EnhancedStatus status) {
        TraceMode trace = message.envelope().trace();
        boolean probed = trace.onlyAsks();
        log.delivered(
                "error",
                message.queueIdText(),
                recipient.address().external(),
                recipient.givenAddress(),
                probed ? probed(DeliveryOutcome.Kind.DEFERRED, trace) : DeliveryStatus.DEFERRED,
                new DeliveryOutcome(
                        DeliveryOutcome.Kind.DEFERRED,
                        DeliveryOutcome.Scope.SITE,
                        status,
                        text,
                        DeliveryOutcome.NO_RELAY,
                        1,
                        null,
                        null),
                new Delays(0, 0, 0, 0));
        meter.count(probed ? Count.RECIPIENTS_PROBED : Count.RECIPIENTS_DEFERRED);
    }

    @Override
    public void onExpired(
            ActiveMessage message, EnvelopeRecipient recipient, Reason last, boolean byOperator, boolean isFirst) {
        if (isFirst) {
            log.expired(message.queueIdText(), message.envelope().sender().external(), byOperator);
        }
        meter.count(Count.RECIPIENTS_EXPIRED);
    }

    @Override
    public void onReported(ActiveMessage message, DsnKind kind, long reportQueueId) {
        String report = QueueId.format(reportQueueId);
        if (message.envelope().sender().isNull()) {
            log.postmasterNotified(message.queueIdText(), kind, report);
            return;
        }
        switch (kind) {
            case FAILURE -> log.senderNonDelivery(message.queueIdText(), report);
            case DELAY -> log.senderDelay(message.queueIdText(), report);
            case SUCCESS, VERIFY -> log.senderDeliveryStatus(message.queueIdText(), report);
        }
    }

    @Override
    public void onRemoved(ActiveMessage message) {
        log.removed(message.queueIdText());
        meter.count(Count.MESSAGES_REMOVED);
    }

    @Override
    public void onDeleted(long queueId) {
        meter.count(Count.MESSAGES_REMOVED);
    }

    @Override
    public void onBatch(int syncCount, long durationNs) {
        meter.count(Count.COMMITS);
        meter.count(Count.SYNCS, syncCount);
        meter.record(Stage.SYNC, durationNs);
    }

    @Override
    public void onDamaged(long queueId, String why) {
        log.warning(QMGR, QueueId.format(queueId) + ": set aside as corrupt: " + why);
    }

    @Override
    public void onWarning(String text) {
        log.warning(QMGR, text);
    }
}

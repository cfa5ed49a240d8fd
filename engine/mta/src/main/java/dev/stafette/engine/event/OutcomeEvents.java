// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.engine.queue.ActiveMessage;
import dev.stafette.engine.queue.AttemptTimes;
import dev.stafette.engine.queue.QueueListener;
import dev.stafette.engine.queue.Reason;

/**
 * Passes on what happens to queued messages, and hands what becomes of recipients to the event log.
 * Thread: queue agent. It makes a small object a recipient and does nothing else with it.
 */
public final class OutcomeEvents implements QueueListener {
    private final QueueListener next;
    private final EventLog events;

    public OutcomeEvents(QueueListener next, EventLog events) {
        this.next = next;
        this.events = events;
    }

    @Override
    public void onAttempted(
            ActiveMessage message,
            EnvelopeRecipient recipient,
            DeliveryOutcome.Kind kind,
            DeliveryOutcome outcome,
            String transport,
            AttemptTimes elapsed) {
        next.onAttempted(message, recipient, kind, outcome, transport, elapsed);
        if (message.envelope().trace().onlyAsks()) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        if (outcome.parts().isEmpty()) {
            events.offer(OutcomeEvent.of(message, recipient, kind, outcome, transport, nowMs));
        }
        for (DeliveryPart part : outcome.parts()) {
            DeliveryOutcome.Kind one = part.outcome().kind();
            boolean isSoft = kind == DeliveryOutcome.Kind.DEFERRED && one == DeliveryOutcome.Kind.BOUNCED;
            events.offer(OutcomeEvent.of(
                    message, part.recipient(), isSoft ? kind : one, part.outcome(), part.service(), nowMs));
        }
    }

    @Override
    public void onSuspended(ActiveMessage message, EnvelopeRecipient recipient, String reason, EnhancedStatus status) {
        next.onSuspended(message, recipient, reason, status);
        if (!message.envelope().trace().onlyAsks()) {
            events.offer(new OutcomeEvent(
                    DeliveryOutcome.Kind.DEFERRED,
                    System.currentTimeMillis(),
                    message,
                    recipient,
                    "",
                    status,
                    DeliveryOutcome.NO_RELAY,
                    null,
                    null,
                    reason));
        }
    }

    @Override
    public void onExpired(
            ActiveMessage message, EnvelopeRecipient recipient, Reason last, boolean byOperator, boolean isFirst) {
        next.onExpired(message, recipient, last, byOperator, isFirst);
        events.offer(new OutcomeEvent(
                null,
                System.currentTimeMillis(),
                message,
                recipient,
                "",
                last.status(),
                DeliveryOutcome.NO_RELAY,
                last.remoteMta(),
                null,
                last.text()));
    }

    @Override
    public void onActive(ActiveMessage message) {
        next.onActive(message);
    }

    @Override
    public void onReported(ActiveMessage message, DsnKind kind, long reportQueueId) {
        next.onReported(message, kind, reportQueueId);
    }

    @Override
    public void onRemoved(ActiveMessage message) {
        next.onRemoved(message);
    }

    @Override
    public void onDeleted(long queueId) {
        next.onDeleted(queueId);
    }

    @Override
    public void onBatch(int syncCount, long durationNs) {
        next.onBatch(syncCount, durationNs);
    }

    @Override
    public void onDamaged(long queueId, String why) {
        next.onDamaged(queueId, why);
    }

    @Override
    public void onWarning(String text) {
        next.onWarning(text);
    }
}

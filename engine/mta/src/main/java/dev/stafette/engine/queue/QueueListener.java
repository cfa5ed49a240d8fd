// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;

/**
 * Hears what happens to queued messages, for the mail log and the histograms.
 * Thread: queue agent; it must not block. Times are ns of one monotonic clock.
 */
public interface QueueListener {
    /** The message has become active: accepted, recovered or due again. */
    void onActive(ActiveMessage message);

    /** One recipient's outcome; it is in the journal's next batch already. {@code elapsed} is valid during the call. */
    void onAttempted(
            ActiveMessage message,
            EnvelopeRecipient recipient,
            DeliveryOutcome.Kind kind,
            DeliveryOutcome outcome,
            String transport,
            AttemptTimes elapsed);

    /** A recipient was deferred without an attempt, or one that is only asked for was given up: its destination is dead. */
    void onSuspended(ActiveMessage message, EnvelopeRecipient recipient, String reason, EnhancedStatus status);

    /**
     * A recipient ran out of time, or an operator said so; a report follows unless the sender is null.
     *
     * @param last why it was deferred before
     * @param isFirst of the message
     */
    void onExpired(
            ActiveMessage message, EnvelopeRecipient recipient, Reason last, boolean byOperator, boolean isFirst);

    /** A report to the sender has been queued. */
    void onReported(ActiveMessage message, DsnKind kind, long reportQueueId);

    /** The last recipient is done and the message has left the queue. */
    void onRemoved(ActiveMessage message);

    /** An operator has taken the message out of the queue. */
    void onDeleted(long queueId);

    /** A batch has become durable, or has failed. */
    void onBatch(int syncCount, long durationNs);

    /** A message could not be read back and has been set aside. */
    void onDamaged(long queueId, String why);

    /** Something that an operator must read; no peer's text without cleaning. */
    void onWarning(String text);
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryOutcome;

/**
 * Hears what probes have found out: messages that nobody gets, sent to learn whether their recipient exists.
 * Thread: queue agent; it must not block.
 */
public interface ProbeListener {
    /** Where nobody sends any. */
    ProbeListener NONE = new ProbeListener() {
        @Override
        public void onProbed(long queueId, EnvelopeRecipient recipient, DeliveryOutcome.Kind kind, String text) {}

        @Override
        public void onProbeEnded(long queueId) {}
    };

    /** The outcome for a recipient; DEFERRED: it could not be asked. {@code text}: as in the log's parentheses. */
    void onProbed(long queueId, EnvelopeRecipient recipient, DeliveryOutcome.Kind kind, String text);

    /** The probe has left the queue, with an outcome or without. */
    void onProbeEnded(long queueId);
}

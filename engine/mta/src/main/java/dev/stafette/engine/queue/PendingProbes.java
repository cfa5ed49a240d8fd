// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import org.agrona.collections.LongHashSet;

/**
 * The probes that are in the queue.
 * Thread: queue agent.
 */
final class PendingProbes {
    /** Where those go that are too many, as in Postfix's qmgr. */
    static final Route TOO_MANY = new Route("retry", "4.3.2 Too many address verification requests");

    /** In Postfix it is cleanup that finds out. */
    static final String ALIAS_SERVICE = "cleanup";

    static final DeliveryOutcome ALIASED = new DeliveryOutcome(
            DeliveryOutcome.Kind.DELIVERED,
            DeliveryOutcome.Scope.RECIPIENT,
            EnhancedStatus.of(2, 0, 0),
            "aliased to multiple recipients",
            DeliveryOutcome.NO_RELAY,
            1,
            null,
            null);

    private final ProbeListener listener;
    private final LongHashSet queueIds = new LongHashSet();

    PendingProbes(ProbeListener listener) {
        this.listener = listener;
    }

    ProbeListener listener() {
        return listener;
    }

    /**
     * Whether the address that was asked for stands for several: then it exists, and what one of them says counts no more than
     * what another does.
     */
    static boolean isAliased(Envelope envelope) {
        return envelope.trace() == TraceMode.PROBE && envelope.recipients().size() > 1;
    }

    void onEntered(long queueId, Envelope envelope) {
        if (envelope.trace() == TraceMode.PROBE) {
            queueIds.add(queueId);
        }
    }

    void onLeft(long queueId) {
        if (queueIds.remove(queueId)) {
            listener.onProbeEnded(queueId);
        }
    }

    int count() {
        return queueIds.size();
    }
}

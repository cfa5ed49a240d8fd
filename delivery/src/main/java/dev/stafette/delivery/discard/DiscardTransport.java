// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.discard;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import java.util.Arrays;

/**
 * Throws messages away and calls them delivered; the next hop is the reason to log, as with Postfix's discard(8).
 * Thread: any; it reports before {@link #deliver} returns.
 */
public final class DiscardTransport implements Transport {
    /** The service of what the queue manager discards itself; no row of master.cf has such a name. */
    public static final String OF_QUEUE_MANAGER = "(qmgr)";

    @Override
    public void deliver(DeliveryRequest request) {
        DeliveryOutcome outcome = new DeliveryOutcome(
                DeliveryOutcome.Kind.DELIVERED,
                DeliveryOutcome.Scope.RECIPIENT,
                EnhancedStatus.SENT,
                request.nextHop(),
                DeliveryOutcome.NO_RELAY,
                1,
                null,
                null);
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        Arrays.fill(outcomes, outcome);
        request.body().release();
        request.listener().onAttempted(request, new DeliveryReport(outcomes, null, DeliveryReport.NO_SITE, 0, 0, 0));
    }

    @Override
    public void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import java.util.Arrays;

/** What is told of a message that cannot be made ready to go now. Thread: any. */
final class Deferral {
    private static final EnhancedStatus TROUBLE = EnhancedStatus.of(4, 3, 0);

    private Deferral() {}

    /** Ends the attempt, and lets go of the body. */
    static void tell(DeliveryRequest request, String why) {
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        Arrays.fill(
                outcomes,
                new DeliveryOutcome(
                        Kind.DEFERRED, Scope.MESSAGE, TROUBLE, why, DeliveryOutcome.NO_RELAY, 1, null, null));
        request.body().release();
        request.listener().onAttempted(request, new DeliveryReport(outcomes, null, DeliveryReport.NO_SITE, 0, 0, 0));
    }
}

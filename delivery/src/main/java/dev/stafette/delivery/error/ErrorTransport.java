// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.error;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import java.util.Arrays;

/**
 * Refuses every message with the next hop as the reason, as Postfix's error(8) does: {@code error:5.1.1 no such user}.
 * Thread: any; it reports before {@link #deliver} returns.
 */
public final class ErrorTransport implements Transport {
    private final DeliveryOutcome.Kind kind;
    private final EnhancedStatus status;

    private ErrorTransport(DeliveryOutcome.Kind kind, EnhancedStatus status) {
        this.kind = kind;
        this.status = status;
    }

    /** Service {@code error}: bounces, with 5.0.0 where the next hop starts with no status of its own. */
    public static ErrorTransport bouncing() {
        return new ErrorTransport(DeliveryOutcome.Kind.BOUNCED, EnhancedStatus.of(5, 0, 0));
    }

    /** Service {@code retry}: defers, with 4.0.0 where the next hop starts with no status of its own. */
    public static ErrorTransport deferring() {
        return new ErrorTransport(DeliveryOutcome.Kind.DEFERRED, EnhancedStatus.of(4, 0, 0));
    }

    @Override
    public void deliver(DeliveryRequest request) {
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        Arrays.fill(outcomes, outcome(request.nextHop()));
        request.body().release();
        request.listener().onAttempted(request, new DeliveryReport(outcomes, null, DeliveryReport.NO_SITE, 0, 0, 0));
    }

    private DeliveryOutcome outcome(String nextHop) {
        EnhancedStatus given = EnhancedStatus.parsePrefix(nextHop);
        EnhancedStatus said = given == null ? status : given.withClass(status.statusClass());
        String text = given == null
                ? nextHop
                : nextHop.substring(given.toString().length()).strip();
        return new DeliveryOutcome(
                kind, DeliveryOutcome.Scope.RECIPIENT, said, text, DeliveryOutcome.NO_RELAY, 1, null, null);
    }

    @Override
    public void close() {}
}

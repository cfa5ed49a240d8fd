// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.delivery.BorrowedBody;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Hands a recipient over to another service of master.cf, and waits for what it makes of him.
 * Thread: the delivery worker's.
 */
final class PassStep {
    private final LocalAttempt attempt;

    PassStep(LocalAttempt attempt) {
        this.attempt = attempt;
    }

    /** {@code target}: {@code transport} or {@code transport:nexthop}; without a next hop it is the recipient's domain. */
    Progress deliver(Standing given, String target) {
        Standing standing = given.deeper();
        int colon = target.indexOf(':');
        String service = (colon < 0 ? target : target.substring(0, colon)).strip();
        String nextHop = colon < 0 ? "" : target.substring(colon + 1).strip();
        attempt.transport()
                .notice(
                        attempt.request().queueId(),
                        "passing <" + standing.address.external() + "> to transport=" + service);
        Transport transport = attempt.transport().services().apply(service);
        if (transport == null) {
            return attempt.end(standing, RecipientEnd.deferred("mail transport unavailable"));
        }
        attempt.turn().settle();
        BlockingQueue<DeliveryReport> reports = new ArrayBlockingQueue<>(1);
        DeliveryRequest whole = attempt.request();
        Envelope envelope = whole.envelope().with(whole.envelope().sender(), List.of(standing.recipient()));
        transport.deliver(new DeliveryRequest(
                whole.queueId(),
                nextHop.isEmpty() ? standing.address.domain() : nextHop,
                envelope,
                new int[] {0},
                new BorrowedBody(whole.body()),
                (unused, report) -> reports.add(report),
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                this));
        DeliveryReport report = await(reports);
        if (report.isUntried()) {
            return attempt.end(standing, RecipientEnd.deferred("mail transport unavailable"));
        }
        DeliveryOutcome outcome = report.outcomes()[0];
        return attempt.end(standing, service, outcome);
    }

    /** A transport answers exactly once, also when it is closed meanwhile. */
    private static DeliveryReport await(BlockingQueue<DeliveryReport> reports) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reports.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.engine.local.MailboxLines.Waiting;

/**
 * A request whose turn it is: it is answered when there is an outcome for each of its recipients, and not later.
 * Thread: the delivery worker's.
 */
final class OpenRequest {
    private final Waiting waiting;
    private final Runnable onAnswered;
    private final long beganNs = System.nanoTime();

    // Owned by the worker.
    private final DeliveryOutcome[] outcomes;
    private int missingCount;

    OpenRequest(Waiting waiting, Runnable onAnswered) {
        this.waiting = waiting;
        this.onAnswered = onAnswered;
        this.outcomes = new DeliveryOutcome[waiting.request().recipients().length];
        this.missingCount = outcomes.length;
    }

    DeliveryRequest request() {
        return waiting.request();
    }

    int recipientCount() {
        return outcomes.length;
    }

    boolean isAnswered() {
        return missingCount == 0;
    }

    /** {@code place}: in the order of the request's recipients. The last one answers it, and its message may be gone then. */
    void put(int place, DeliveryOutcome outcome) {
        if (outcomes[place] == null) {
            outcomes[place] = outcome;
            missingCount--;
            if (missingCount == 0) {
                answer();
            }
        }
    }

    /** Of those that have no outcome yet. */
    void putMissing(DeliveryOutcome outcome) {
        for (int i = 0; i < outcomes.length; i++) {
            put(i, outcome);
        }
    }

    private void answer() {
        DeliveryRequest request = waiting.request();
        request.body().release();
        DeliveryReport report = new DeliveryReport(
                outcomes, null, DeliveryReport.NO_SITE, beganNs - waiting.givenNs(), 0, System.nanoTime() - beganNs);
        try {
            request.listener().onAttempted(request, report);
        } finally {
            onAnswered.run();
        }
    }
}

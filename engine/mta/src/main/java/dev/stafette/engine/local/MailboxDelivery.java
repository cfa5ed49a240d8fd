// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.engine.log.MailLog;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * What delivery by workers has in common: each request has one of them to itself, and is answered exactly once.
 * Thread: any.
 */
abstract class MailboxDelivery implements Transport {
    private final String service;
    private final String program;
    private final Executor workers;
    private final MailLog log;
    private final RunningDeliveries running = new RunningDeliveries();

    /** {@code program}: as the log calls it. */
    MailboxDelivery(String service, String program, MailboxRoom room) {
        this.service = service;
        this.program = program;
        this.workers = room.workers();
        this.log = room.log();
    }

    String service() {
        return service;
    }

    RunningDeliveries running() {
        return running;
    }

    void warn(String text) {
        log.warning(program, text);
    }

    @Override
    public void deliver(DeliveryRequest request) {
        long givenNs = System.nanoTime();
        workers.execute(() -> deliver(request, givenNs));
    }

    private void deliver(DeliveryRequest request, long givenNs) {
        long beganNs = System.nanoTime();
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        boolean isOpen = running.enter();
        if (isOpen) {
            try {
                attempt(request, outcomes);
            } catch (RuntimeException e) {
                // A mistake of ours: without an answer the recipients would stay in flight until a restart.
                warn(request.queueId() + ": " + e);
                defer(outcomes, "internal error: " + e.getClass().getSimpleName());
            }
        } else {
            defer(outcomes, "the mail system stops");
        }
        request.body().release();
        DeliveryReport report = new DeliveryReport(
                outcomes, null, DeliveryReport.NO_SITE, beganNs - givenNs, 0, System.nanoTime() - beganNs);
        request.listener().onAttempted(request, report);
        if (isOpen) {
            running.leave();
        }
    }

    /** Those that have no outcome yet. */
    private void defer(DeliveryOutcome[] outcomes, String why) {
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = RecipientEnd.deferred(why).outcome(service);
            }
        }
    }

    void deferAll(DeliveryOutcome[] outcomes, String why) {
        Arrays.fill(outcomes, RecipientEnd.deferred(why).outcome(service));
    }

    /** Puts an outcome into each place, in the order of the request's recipients. */
    abstract void attempt(DeliveryRequest request, DeliveryOutcome[] outcomes);

    @Override
    public void close() {
        running.stop();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.engine.local.MailboxLines.Waiting;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.rewrite.AddressKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What delivery by workers has in common: each takes what has come for one mailbox, and each request is answered exactly once.
 * Thread: any.
 */
abstract class MailboxDelivery implements Transport {
    private final String service;
    private final String program;
    private final Identity identity;
    private final MailLog log;
    private final MailboxLines lines;
    private final RunningDeliveries running = new RunningDeliveries();

    /** A request whose turn it is. */
    private record Begun(Waiting waiting, DeliveryOutcome[] outcomes, long beganNs, boolean isOpen) {}

    /** {@code program}: as the log calls it. */
    MailboxDelivery(String service, String program, MailboxRoom room) {
        this.service = service;
        this.program = program;
        this.identity = room.identity();
        this.lines = new MailboxLines(room.workers(), this::deliver);
        this.log = room.log();
    }

    String service() {
        return service;
    }

    RunningDeliveries running() {
        return running;
    }

    void notice(String queueId, String text) {
        log.deliveryNotice(program, queueId, text);
    }

    void warn(String text) {
        log.warning(program, text);
    }

    /** How addresses are taken apart. */
    abstract AddressKeys keys();

    @Override
    public void deliver(DeliveryRequest request) {
        lines.offer(mailboxOf(request), request);
    }

    /** As the queue counts attempts where there is one recipient for each: they have one limit. */
    private String mailboxOf(DeliveryRequest request) {
        String nextHop = request.nextHop().toLowerCase(Locale.ROOT);
        if (request.recipients().length != 1) {
            return nextHop;
        }
        String localPart = request.envelope()
                .recipients()
                .get(request.recipients()[0])
                .address()
                .localPart();
        return localPart.substring(0, keys().userLength(localPart)).toLowerCase(Locale.ROOT) + '@' + nextHop;
    }

    private void deliver(List<Waiting> all) {
        MailboxTurn turn = new MailboxTurn(identity);
        List<Begun> open = new ArrayList<>(all.size());
        for (Waiting one : all) {
            open.add(begin(one, turn));
            if (turn.owesNothing()) {
                open.forEach(this::report);
                open.clear();
            }
        }
        try {
            turn.settle();
        } catch (RuntimeException e) {
            open.forEach(one -> fail(one.waiting().request(), one.outcomes(), e));
        }
        open.forEach(this::report);
    }

    private Begun begin(Waiting one, MailboxTurn turn) {
        DeliveryRequest request = one.request();
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        Begun begun = new Begun(one, outcomes, System.nanoTime(), running.enter());
        if (!begun.isOpen()) {
            defer(outcomes, "the mail system stops");
            return begun;
        }
        try {
            attempt(request, outcomes, turn);
        } catch (RuntimeException e) {
            fail(request, outcomes, e);
        }
        return begun;
    }

    /** A mistake of ours: without an answer the recipients would stay in flight until a restart. */
    private void fail(DeliveryRequest request, DeliveryOutcome[] outcomes, RuntimeException e) {
        warn(request.queueId() + ": " + e);
        defer(outcomes, "internal error: " + e.getClass().getSimpleName());
    }

    private void report(Begun one) {
        DeliveryRequest request = one.waiting().request();
        request.body().release();
        DeliveryReport report = new DeliveryReport(
                one.outcomes(),
                null,
                DeliveryReport.NO_SITE,
                one.beganNs() - one.waiting().givenNs(),
                0,
                System.nanoTime() - one.beganNs());
        request.listener().onAttempted(request, report);
        if (one.isOpen()) {
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

    /** Puts an outcome into each place, in the order of the request's recipients; at once, or as the turn's letters land. */
    abstract void attempt(DeliveryRequest request, DeliveryOutcome[] outcomes, MailboxTurn turn);

    @Override
    public void close() {
        running.stop();
    }
}

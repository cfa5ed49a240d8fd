// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.engine.local.MailboxLines.Waiting;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.rewrite.AddressKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What delivery by workers has in common: each takes what has come for one mailbox, and each request is answered exactly once,
 * as soon as there is an answer.
 * Thread: any.
 */
abstract class MailboxDelivery implements Transport {
    private final String service;
    private final String program;
    private final Identity identity;
    private final MailLog log;
    private final MailboxLines lines;
    private final RunningDeliveries running = new RunningDeliveries();

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
        List<OpenRequest> open = new ArrayList<>(all.size());
        for (Waiting one : all) {
            open.add(begin(one, turn));
        }
        settle(turn);
        // Without an answer the recipients would stay in flight until a restart.
        open.forEach(one -> one.putMissing(internalError(null)));
    }

    private OpenRequest begin(Waiting one, MailboxTurn turn) {
        if (!running.enter()) {
            OpenRequest late = new OpenRequest(one, () -> {});
            deferAll(late, "the mail system stops");
            return late;
        }
        OpenRequest open = new OpenRequest(one, running::leave);
        try {
            attempt(open, turn);
        } catch (RuntimeException e) {
            warn(open.request().queueId() + ": " + e);
            // Letters of it that wait need the message, which goes with the answer.
            settle(turn);
            open.putMissing(internalError(e));
        }
        return open;
    }

    /** A mistake of ours in it is told to those whose letters it was for. */
    private void settle(MailboxTurn turn) {
        try {
            turn.settle();
        } catch (RuntimeException e) {
            warn("mailboxes: " + e);
        }
    }

    private DeliveryOutcome internalError(@Nullable RuntimeException e) {
        String why = e == null ? "" : ": " + e.getClass().getSimpleName();
        return RecipientEnd.deferred("internal error" + why).outcome(service);
    }

    void deferAll(OpenRequest request, String why) {
        request.putMissing(RecipientEnd.deferred(why).outcome(service));
    }

    /** Puts an outcome into each place; at once, or as the turn's letters land. */
    abstract void attempt(OpenRequest open, MailboxTurn turn);

    @Override
    public void close() {
        running.stop();
    }
}

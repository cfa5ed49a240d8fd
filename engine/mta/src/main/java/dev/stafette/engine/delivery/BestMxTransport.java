// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.BorrowedBody;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.OutcomeListener;
import dev.stafette.delivery.Transport;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an SMTP client: mail that would loop, since this host is the best exchange of its domain, goes by another
 * transport (best_mx_transport).
 * Thread: any.
 */
final class BestMxTransport implements Transport {
    private static final EnhancedStatus LOOP = EnhancedStatus.of(5, 4, 6);
    private static final EnhancedStatus UNAVAILABLE = EnhancedStatus.of(4, 3, 0);

    private final Transport next;
    private final String service;
    private final String nextHop;
    private final Function<String, @Nullable Transport> services;
    private final BiConsumer<String, String> notices;

    /**
     * @param target {@code transport} or {@code transport:nexthop}
     * @param services of master.cf, by name
     * @param notices get a queue id and what is logged of it
     */
    BestMxTransport(
            Transport next,
            String target,
            Function<String, @Nullable Transport> services,
            BiConsumer<String, String> notices) {
        int colon = target.indexOf(':');
        this.next = next;
        this.service = colon < 0 ? target : target.substring(0, colon);
        this.nextHop = colon < 0 ? "" : target.substring(colon + 1).strip();
        this.services = services;
        this.notices = notices;
    }

    @Override
    public void deliver(DeliveryRequest request) {
        next.deliver(with(
                request, new BorrowedBody(request.body()), request.nextHop(), request.site(), (unused, report) -> {
                    if (loops(report)) {
                        pass(request);
                    } else {
                        request.body().release();
                        request.listener().onAttempted(request, report);
                    }
                }));
    }

    /** As Postfix, by the status: the whole request shares its next hop. */
    private static boolean loops(DeliveryReport report) {
        return !report.isUntried()
                && Arrays.stream(report.outcomes())
                        .allMatch(outcome -> outcome.kind() == Kind.BOUNCED
                                && outcome.status().equals(LOOP));
    }

    private void pass(DeliveryRequest request) {
        for (int recipient : request.recipients()) {
            EnvelopeRecipient to = request.envelope().recipients().get(recipient);
            notices.accept(request.queueId(), "passing <" + to.address().external() + "> to transport=" + service);
        }
        Transport other = services.apply(service);
        if (other != null) {
            other.deliver(with(
                    request,
                    request.body(),
                    nextHop.isEmpty() ? request.nextHop() : nextHop,
                    null,
                    (unused, report) -> request.listener().onAttempted(request, report)));
            return;
        }
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        Arrays.fill(
                outcomes,
                new DeliveryOutcome(
                        Kind.DEFERRED,
                        Scope.RECIPIENT,
                        UNAVAILABLE,
                        "mail transport unavailable",
                        DeliveryOutcome.NO_RELAY,
                        1,
                        null,
                        null));
        request.body().release();
        request.listener().onAttempted(request, new DeliveryReport(outcomes, null, DeliveryReport.NO_SITE, 0, 0, 0));
    }

    private static DeliveryRequest with(
            DeliveryRequest given, MessageBody body, String nextHop, @Nullable String site, OutcomeListener listener) {
        return new DeliveryRequest(
                given.queueId(),
                nextHop,
                given.envelope(),
                given.recipients(),
                body,
                listener,
                given.attemptsMax(),
                given.source(),
                given.tenant(),
                site,
                given.arrivalMs(),
                given.attachment());
    }

    @Override
    public void retire(Runnable onIdle) {
        next.retire(onIdle);
    }

    @Override
    public void close() {
        next.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.OutcomeListener;
import dev.stafette.delivery.Transport;
import dev.stafette.scheduler.Entry;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import java.util.Arrays;
import java.util.Map;

/**
 * Hands the scheduler's entries to the transports as requests.
 * Thread: queue agent; outcomes arrive on the transports' loops.
 */
final class Dispatcher {
    private final Spool spool;
    private final Scheduler scheduler;
    private final Map<String, Transport> transports;
    private final MessageLoader loader;
    private final Routing routing;
    private final QueueInbox inbox;
    private final QueueClock clock;
    private final OutcomeListener outcomes = this::onAttempted;

    // Owned by the queue agent.
    private int inFlightCount;

    Dispatcher(
            QueueParts parts,
            Spool spool,
            Scheduler scheduler,
            MessageLoader loader,
            Routing routing,
            QueueClock clock) {
        this.spool = spool;
        this.scheduler = scheduler;
        this.transports = parts.transports();
        this.inbox = parts.inbox();
        this.clock = clock;
        this.loader = loader;
        this.routing = routing;
    }

    /** Entries handed out and not settled yet. */
    int inFlightCount() {
        return inFlightCount;
    }

    void onSettled() {
        inFlightCount--;
    }

    void onEntry(Entry entry) {
        inFlightCount++;
        loader.withMessage(entry.message(), message -> begin(entry, message), () -> takeBack(entry));
    }

    private void begin(Entry entry, ActiveMessage message) {
        if (routing.check(entry, message)) {
            dispatch(entry, message);
        }
    }

    /** Its message cannot be read: its place in the destination's window must not stay taken. */
    private void takeBack(Entry entry) {
        inFlightCount--;
        scheduler.giveBack(entry, clock.nowNs());
    }

    /** The entry's destination is the right one for its recipients. */
    void dispatch(Entry entry, ActiveMessage message) {
        message.onDispatched();
        String transportName = scheduler.view().transportOf(entry.destination());
        StoredMessageBody body = new StoredMessageBody(spool.openBody(message.body()), message.body());
        DeliveryRequest request = new DeliveryRequest(
                message.queueIdText(),
                scheduler.view().nextHopOf(entry.destination()),
                envelope(message, entry),
                entry.envelopeIndexes(),
                body,
                outcomes,
                scheduler.view().window(entry.destination()),
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                entry.site(),
                message.arrivalMs(),
                new DispatchedEntry(entry, message, transportName, clock.nowNs()));
        Transport transport = transports.get(transportName);
        if (transport == null) {
            body.release();
            onAttempted(request, unavailable(request));
            return;
        }
        transport.deliver(request);
    }

    private static Envelope envelope(ActiveMessage message, Entry entry) {
        Envelope envelope = message.envelope();
        return envelope.verp() == null
                ? envelope
                : envelope.from(envelope.senderFor(envelope.recipients().get(entry.envelopeIndex(0))));
    }

    private static DeliveryReport unavailable(DeliveryRequest request) {
        DeliveryOutcome outcome = new DeliveryOutcome(
                DeliveryOutcome.Kind.DEFERRED,
                DeliveryOutcome.Scope.SITE,
                EnhancedStatus.of(4, 3, 0),
                "mail transport unavailable",
                "none",
                1,
                null,
                null);
        DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
        Arrays.fill(outcomes, outcome);
        return new DeliveryReport(outcomes, outcome.text(), DeliveryReport.NO_SITE, 0, 0, 0);
    }

    /** On the transport's loop, or on the agent itself for a transport that answers at once. */
    private void onAttempted(DeliveryRequest request, DeliveryReport report) {
        inbox.offerPatiently(new QueueCommand.Attempted(request, report));
    }
}

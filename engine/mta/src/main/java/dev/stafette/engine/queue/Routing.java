// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.scheduler.Entry;
import dev.stafette.scheduler.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Finds the destinations of recipients, when they enter the queue and again before an attempt: tables and the
 * configuration may have changed while a message waited.
 * Thread: queue agent.
 *
 * <p>A recipient is asked for once in each round: when it has waited, when it has come back from disk, when the routes
 * have another version, or when it has entered the queue with a guess.
 */
final class Routing {
    /** The service that has such recipients in Postfix. */
    static final String SERVICE = "retry";

    static final DeliveryOutcome NO_ROUTE = new DeliveryOutcome(
            DeliveryOutcome.Kind.DEFERRED,
            DeliveryOutcome.Scope.RECIPIENT,
            EnhancedStatus.of(4, 3, 0),
            "address resolver failure",
            DeliveryOutcome.NO_RELAY,
            1,
            null,
            null);

    /** Of mail that waits until somebody asks for it. */
    private static final Route WAITING = new Route(SERVICE, "4.3.2 deferred transport");

    private final RouteResolver routes;
    private final Scheduler scheduler;
    private final QueueInbox inbox;
    private final Inquirer inquirer;
    private final RequestedMail requested = new RequestedMail();

    Routing(RouteResolver routes, Scheduler scheduler, QueueInbox inbox) {
        this.routes = routes;
        this.scheduler = scheduler;
        this.inbox = inbox;
        this.inquirer = new Inquirer(this::onAgent, System::nanoTime);
    }

    /** Answers of tables come back through the inbox. */
    private void onAgent(Runnable task) {
        QueueCommand.Request request = view -> task.run();
        inbox.offerPatiently(request);
    }

    /** Where a recipient enters the queue that has this route, whatever tables say. */
    int enterBy(Route route, ActiveMessage message, int envelopeIndex) {
        message.onRouted(envelopeIndex, routes.version());
        return destination(route);
    }

    /** Where a recipient enters the queue: by its route if that can be told at once, and else by a guess. */
    int enter(ActiveMessage message, int envelopeIndex) {
        MailAddress recipient = recipient(message, envelopeIndex);
        int version = routes.version();
        Route route = route(message, recipient, Inquiry.AT_ONCE);
        if (route == null) {
            return destination(routes(message.envelope())
                    .guess(recipient, message.envelope().sender()));
        }
        message.onRouted(envelopeIndex, version);
        return destination(route);
    }

    /** As {@link #enter}, for a message of which nothing but the index is in memory. */
    int enter(MailAddress recipient, Envelope envelope) {
        RouteResolver own = routes(envelope);
        Route route = own.resolve(recipient, envelope.sender(), Inquiry.AT_ONCE);
        Route known = route == null ? own.guess(recipient, envelope.sender()) : route;
        return destination(routes.waits(known.transport()) ? WAITING : known);
    }

    private RouteResolver routes(Envelope envelope) {
        return envelope.trace() == TraceMode.PROBE ? routes.ofProbes() : routes;
    }

    /** What somebody asks for. */
    RequestedMail requested() {
        return requested;
    }

    private static MailAddress recipient(ActiveMessage message, int envelopeIndex) {
        return message.envelope().recipients().get(envelopeIndex).address();
    }

    private @Nullable Route route(ActiveMessage message, MailAddress recipient, Inquiry inquiry) {
        Route route = route(message.envelope(), recipient, inquiry);
        return route != null && routes.waits(route.transport()) && !requested.has(message) ? WAITING : route;
    }

    /** A filter comes before all else; a message that only asks for its recipients has nothing to be looked into. */
    private @Nullable Route route(Envelope envelope, MailAddress recipient, Inquiry inquiry) {
        String filter = envelope.contentFilter();
        return filter == null || envelope.trace().onlyAsks()
                ? routes(envelope).resolve(recipient, envelope.sender(), inquiry)
                : routes.throughFilter(filter, recipient);
    }

    int destination(Route route) {
        return QueueState.checkIndexed(
                scheduler, scheduler.destination(route.transport(), route.nextHop(), route.mailbox()));
    }

    boolean isTo(int destination, Route route) {
        return route.transport().equals(scheduler.view().transportOf(destination))
                && route.nextHop().equals(scheduler.view().nextHopOf(destination))
                && route.mailbox().equals(scheduler.view().mailboxOf(destination));
    }

    /** True: the entry can go. False: {@link QueueCommand.Routed} will come for it. */
    boolean check(Entry entry, ActiveMessage message) {
        int version = routes.version();
        if (message.isRouted(entry.envelopeIndexes(), version)) {
            return true;
        }
        PatientInquiry inquiry = inquirer.begin();
        QueueCommand.Routed routed = ask(entry, message, version, inquiry);
        if (inquiry.isWaiting()) {
            message.onDispatched();
            await(entry, message, version, inquiry);
            return false;
        }
        if (isUnchanged(routed)) {
            return true;
        }
        // Not here: the scheduler is in the middle of handing out.
        message.onDispatched();
        inbox.offerPatiently(routed);
        return false;
    }

    /** The entry keeps its place, and nothing else waits for it. */
    private void await(Entry entry, ActiveMessage message, int version, PatientInquiry inquiry) {
        inquirer.await(inquiry, again -> ask(entry, message, version, again), inbox::offerPatiently, mistake -> {
            throw mistake;
        });
    }

    private QueueCommand.Routed ask(Entry entry, ActiveMessage message, int version, Inquiry inquiry) {
        @Nullable Route[] found = new Route[entry.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = route(message, recipient(message, entry.envelopeIndex(i)), inquiry);
        }
        return new QueueCommand.Routed(entry, message, found, version);
    }

    /** Notes what is known now; true when it is what the entry has. */
    boolean isUnchanged(QueueCommand.Routed routed) {
        Entry entry = routed.entry();
        boolean unchanged = true;
        for (int i = 0; i < entry.size(); i++) {
            Route route = routed.routes()[i];
            unchanged &= route != null && isTo(entry.destination(), route);
            if (route != null) {
                routed.message().onRouted(entry.envelopeIndex(i), routed.version());
            }
        }
        return unchanged;
    }
}

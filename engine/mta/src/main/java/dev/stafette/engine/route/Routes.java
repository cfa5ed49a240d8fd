// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.delivery.discard.DiscardTransport;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * Transport and next hop of a recipient, by one configuration.
 * Thread: any (it does not change).
 *
 * <pre>
 * class of the domain            → transport: local, virtual, relay, default or by sender; none for virtual aliases
 * off this host                  → next hop: of the transport, or by sender, or relayhost, or the domain
 * transport_maps                 → another transport, another next hop, or both; not for virtual aliases
 * relocated_maps                 → nowhere, with the new address in the reply
 * </pre>
 * A content filter stands before all of that.
 */
public final class Routes {
    /** The transport that defers, with the next hop for a reason. */
    public static final String RETRY = ServiceTarget.RETRY;

    private static final Route DISCARDED_NOTICE =
            new Route(DiscardTransport.OF_QUEUE_MANAGER, "undeliverable postmaster notification discarded");

    private static final Route BAD_SYNTAX = new Route(ServiceTarget.ERROR, "5.1.3 bad address syntax");

    private final AddressClasses classes;
    private final ClassTransports transports;
    private final SenderTables senders;
    private final TransportTable transportTable;
    private final RelocatedTable relocated;
    private final FilterHop filterHop;
    private final OneByOne oneByOne;
    private final Refusals refusals;

    /** @param relayHost several are separated by commas, and tried in this order; empty: mail goes to its domain */
    private record SenderTables(String relayHost, SenderTable relayHosts, SenderTable transports) {}

    /**
     * What goes nowhere, whatever tables say.
     *
     * @param noticeSender the local part of where notices to the postmaster come from
     * @param takesOptions allow_min_user: a program gets a recipient, too, that it could take for an option
     */
    private record Refusals(String noticeSender, boolean takesOptions) {
        boolean isOption(MailAddress recipient) {
            return !takesOptions && recipient.localPart().startsWith("-");
        }
    }

    private Routes(
            AddressClasses classes,
            ClassTransports transports,
            SenderTables senders,
            TransportTable transportTable,
            RelocatedTable relocated,
            FilterHop filterHop,
            OneByOne oneByOne,
            Refusals refusals) {
        this.classes = classes;
        this.transports = transports;
        this.senders = senders;
        this.transportTable = transportTable;
        this.relocated = relocated;
        this.filterHop = filterHop;
        this.oneByOne = oneByOne;
        this.refusals = refusals;
    }

    /** Of mail. {@code tables}: opens those that the settings name. */
    public static Routes of(Settings settings, AddressClasses classes, ListTables tables) {
        return of(settings, RouteParameters.OF_MAIL, classes, tables);
    }

    /** Of probes: messages that only ask whether their recipient exists. */
    public static Routes ofProbes(Settings settings, AddressClasses classes, ListTables tables) {
        return of(settings, RouteParameters.OF_PROBES, classes, tables);
    }

    private static Routes of(Settings settings, RouteParameters names, AddressClasses classes, ListTables tables) {
        AddressKeys keys = AddressKeys.of(settings, classes);
        return new Routes(
                classes,
                ClassTransports.of(settings, names),
                new SenderTables(
                        String.join(",", settings.words(names.relayHost())),
                        SenderTable.relayHosts(settings, names, keys, tables),
                        SenderTable.transports(settings, names, keys, tables)),
                TransportTable.of(settings, names, keys, tables),
                RelocatedTable.of(settings, keys, tables),
                FilterHop.of(settings),
                OneByOne.of(settings, keys),
                new Refusals(settings.text("double_bounce_sender"), settings.flag("allow_min_user")));
    }

    /** Null when that cannot be told now. */
    public @Nullable Route resolve(MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        AddressClass addressClass = classes.classOf(recipient, inquiry);
        Route route = byClass(addressClass, recipient, sender, inquiry);
        if (route != null && addressClass != AddressClass.VIRTUAL_ALIAS) {
            route = transportTable.over(route, recipient, inquiry);
        }
        Route last = route == null ? null : relocated.over(route, recipient, inquiry);
        return last == null ? null : oneByOne.of(last, recipient);
    }

    /**
     * As {@link #resolve}, of a message in the queue: what is for our sender of notices, which must not bounce, is discarded
     * as notices that could not be delivered, whatever tables say. An address that is like an option comes back: it is not only
     * clients that name recipients, but also aliases, forward files and headers.
     */
    @Nullable
    Route resolveQueued(MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        if (refusals.isOption(recipient)) {
            return BAD_SYNTAX;
        }
        return recipient.localPart().equalsIgnoreCase(refusals.noticeSender())
                        && classes.classOf(recipient, inquiry) == AddressClass.LOCAL
                ? DISCARDED_NOTICE
                : resolve(recipient, sender, inquiry);
    }

    /** For mail that a filter is to see first; none of the tables is asked. */
    public Route throughFilter(String contentFilter, MailAddress recipient) {
        return refusals.isOption(recipient)
                ? BAD_SYNTAX
                : oneByOne.of(filterHop.route(contentFilter, recipient), recipient);
    }

    private @Nullable Route byClass(AddressClass of, MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        return switch (of) {
            case LOCAL -> transports.local().route(recipient.domainKey());
            case VIRTUAL_ALIAS -> transports.unknownAlias();
            case VIRTUAL_MAILBOX -> transports.virtual().route(recipient.domainKey());
            case RELAY -> remote(transports.relay(), recipient, sender, inquiry);
            case OTHER -> other(recipient, sender, inquiry);
            case UNKNOWN -> null;
        };
    }

    private @Nullable Route other(MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        if (senders.transports().isEmpty()) {
            return remote(transports.other(), recipient, sender, inquiry);
        }
        String transport = senders.transports().find(sender, "", inquiry);
        if (transport == null) {
            return null;
        }
        ServiceTarget target = transport.isEmpty() ? transports.other() : ServiceTarget.parse(transport);
        return remote(target, recipient, sender, inquiry);
    }

    private @Nullable Route remote(ServiceTarget target, MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        String via = senders.relayHosts().isEmpty()
                ? senders.relayHost()
                : senders.relayHosts().find(sender, senders.relayHost(), inquiry);
        return via == null ? null : target.route(via.isEmpty() ? recipient.domainKey() : via);
    }

    /** UNKNOWN, too, while it cannot be told where mail for the address would go. */
    public AddressClass routedClassOf(MailAddress address, MailAddress sender, Inquiry inquiry) {
        AddressClass of = classes.classOf(address, inquiry);
        boolean isUnknown = of != AddressClass.UNKNOWN && needsLook(of) && resolve(address, sender, inquiry) == null;
        return isUnknown ? AddressClass.UNKNOWN : of;
    }

    /** Whether mail that goes by that transport waits until somebody asks for it (defer_transports). */
    boolean waits(String transport) {
        return transports.waiting().contains(transport);
    }

    /** Whether mail on that route is not carried anywhere. */
    public static boolean isEnd(Route route) {
        return route.transport().equals(ServiceTarget.ERROR)
                || route.transport().equals(ServiceTarget.RETRY);
    }

    /** Whether routes of that class can be such, or impossible to tell; where not, there is no need to resolve one. */
    public boolean needsLook(AddressClass of) {
        return of == AddressClass.UNKNOWN
                || (of == AddressClass.OTHER || of == AddressClass.RELAY)
                        && !senders.relayHosts().isEmpty()
                || !transportTable.tables().isEmpty()
                || !relocated.tables().isEmpty()
                || of == AddressClass.OTHER && !senders.transports().isEmpty()
                || transports.isEnd(of);
    }

    /** As {@link #resolve}, as far as that can be told without tables. */
    public Route guess(MailAddress recipient) {
        return oneByOne.of(guessByClass(recipient), recipient);
    }

    private Route guessByClass(MailAddress recipient) {
        return switch (classes.writtenClassOf(recipient)) {
            case LOCAL -> transports.local().route(recipient.domainKey());
            case VIRTUAL_ALIAS -> transports.unknownAlias();
            case VIRTUAL_MAILBOX -> transports.virtual().route(recipient.domainKey());
            case RELAY -> transports.relay().route(guessedHop(recipient));
            case OTHER, UNKNOWN -> transports.other().route(guessedHop(recipient));
        };
    }

    private String guessedHop(MailAddress recipient) {
        return senders.relayHost().isEmpty() ? recipient.domainKey() : senders.relayHost();
    }
}

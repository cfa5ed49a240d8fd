// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who the client of a session is, and whether it comes too often.
 * Thread: event loop.
 */
final class SessionClient {
    /** RFC 1122 §3.2.1.3: nobody has this address. */
    private static final InetAddress NOWHERE = IpText.of(new byte[4]);

    private final ServiceLoop service;
    private final Connection connection;
    private final SessionLogin login = new SessionLogin();

    // Owned by the loop.
    private ClientStanding standing;
    private String text;
    private int sessionCount;
    /** Whose session is counted: that may be a program that speaks for the client. */
    private @Nullable ClientNetwork counted;

    private boolean mayXforward;
    private @Nullable ClientAttributes forwarded;

    /** Known by its address alone. */
    SessionClient(ServiceLoop service, Connection connection) {
        this.service = service;
        this.connection = connection;
        this.standing = ClientStanding.unknown(connection.address());
        this.text = connection.describe(ClientFacts.UNKNOWN);
    }

    private ClientRules rules() {
        return service.settings().clients();
    }

    SessionLogin login() {
        return login;
    }

    ClientStanding standing() {
        return standing;
    }

    ClientFacts facts() {
        return standing.facts();
    }

    /** {@code name[address]}, as the log has it. */
    String text() {
        return text;
    }

    String addressText() {
        return connection.addressText();
    }

    /** As in an address literal (RFC 5321 §4.1.3), without its brackets. */
    String literalText() {
        return connection.literalText();
    }

    /** The bare LF policy for this client. */
    BareNewline bareNewline() {
        return standing.bareNewline();
    }

    /** Of this client, and now. */
    int sessionCount() {
        return sessionCount;
    }

    /** Its session begins. */
    void enter() {
        ClientNetwork client = rules().network(connection.address());
        counted = client;
        sessionCount = service.clientCounts().enter(client);
    }

    /** Its session has ended. Told before it sees that: then it may begin another, which is none too many. */
    void leave() {
        login.abandon();
        ClientNetwork client = counted;
        if (client != null) {
            counted = null;
            service.clientCounts().leave(client);
        }
    }

    /** What the lists say of it now; changes nothing. */
    ClientStanding ask(ClientName names, Inquiry inquiry) {
        return rules().standing(
                        connection.address(),
                        names,
                        service.settings().protocol().bareNewline(),
                        inquiry);
    }

    void onKnown(ClientStanding now) {
        standing = now;
        text = connection.describe(now.facts().name());
    }

    /** As {@link #onKnown}, for the first client of the session: who may forward stays the same, as in Postfix. */
    void onFirstKnown(ClientStanding now) {
        onKnown(now);
        mayXforward = now.mayXforward();
    }

    boolean mayVerp() {
        return standing.mayVerp();
    }

    boolean mayXclient() {
        return standing.mayXclient();
    }

    boolean mayXforward() {
        return mayXforward;
    }

    /** Whom XCLIENT names, where it does. An address that is not known is in no network. */
    InetSocketAddress peer(ClientAttributes attributes) {
        String address = attributes.value(ClientAttribute.ADDR);
        String port = attributes.value(ClientAttribute.PORT);
        InetAddress named = address == null ? null : IpText.parse(address);
        if (named == null) {
            named = attributes.has(ClientAttribute.ADDR) ? NOWHERE : connection.address();
        }
        return new InetSocketAddress(named, port == null ? connection.port() : Integer.parseInt(port));
    }

    /** What XCLIENT says of the client's name; a verified one is that of the address, too. */
    ClientName names(ClientAttributes attributes) {
        ClientName known = standing.facts().names();
        if (attributes.has(ClientAttribute.NAME)) {
            String name = attributes.value(ClientAttribute.NAME);
            known = name == null
                    ? new ClientName(
                            ClientFacts.UNKNOWN,
                            missing(attributes, ClientAttribute.NAME),
                            known.reverseName(),
                            known.reverse())
                    : ClientName.of(name);
        }
        if (attributes.has(ClientAttribute.REVERSE_NAME)) {
            String reverse = attributes.value(ClientAttribute.REVERSE_NAME);
            known = new ClientName(
                    known.name(),
                    known.verified(),
                    reverse == null ? ClientFacts.UNKNOWN : reverse,
                    reverse == null ? missing(attributes, ClientAttribute.REVERSE_NAME) : Finding.FOUND);
        }
        return known;
    }

    private static Finding missing(ClientAttributes attributes, ClientAttribute attribute) {
        return attributes.isTemporarilyUnavailable(attribute) ? Finding.UNAVAILABLE : Finding.NOT_FOUND;
    }

    /** What XFORWARD has said for the next message; null when it has not. */
    @Nullable
    ClientAttributes forwarded() {
        return forwarded;
    }

    void setForwarded(@Nullable ClientAttributes said) {
        forwarded = said;
    }

    /** Whether it has too many sessions, or begins them too often. */
    boolean isTooMany() {
        if (isUnlimited()) {
            return false;
        }
        int connectionCount = count(ClientEvent.CONNECTION);
        ClientCounts counts = service.clientCounts();
        counts.peaks().onSessions(sessionCount, rules().network(connection.address()), service.epochMs());
        counts.peaks().onClients(counts.rates().size(), service.epochMs());
        int sessionsMax = service.settings().limits().sessionsPerClient();
        if (sessionsMax > 0 && sessionCount > sessionsMax) {
            service.log().limitExceeded("Connection concurrency", sessionCount, text, service.name());
            return true;
        }
        return isTooOften(ClientEvent.CONNECTION, connectionCount);
    }

    /** Nor do limits hold for a program that speaks for others. */
    private boolean isUnlimited() {
        return standing.isUnlimited() || standing.mayXclient();
    }

    /** It has done so too often already; this is not counted. */
    boolean wasTooOften(ClientEvent event) {
        SessionLimits.Rates rates = service.settings().limits().rates();
        int max = rates.max(event);
        return max > 0
                && !isUnlimited()
                && service.clientCounts()
                                .rates()
                                .seen(
                                        event,
                                        rules().network(connection.address()),
                                        service.nowNs(),
                                        rates.unit().toNanos())
                        > max;
    }

    /** Counts what the client does; true when it may not do it so often. */
    boolean isTooOften(ClientEvent event) {
        return !isUnlimited() && isTooOften(event, count(event));
    }

    private int count(ClientEvent event) {
        ClientNetwork client = rules().network(connection.address());
        ClientCounts counts = service.clientCounts();
        long unitNs = service.settings().limits().rates().unit().toNanos();
        int count = counts.rates().count(event, client, service.nowNs(), unitNs);
        counts.peaks().onEvent(event, count, client, service.epochMs());
        return count;
    }

    private boolean isTooOften(ClientEvent event, int count) {
        int max = service.settings().limits().rates().max(event);
        boolean isTooOften = max > 0 && count > max;
        if (isTooOften) {
            service.log().limitExceeded(event.text(), count, text, service.name());
        }
        return isTooOften;
    }
}

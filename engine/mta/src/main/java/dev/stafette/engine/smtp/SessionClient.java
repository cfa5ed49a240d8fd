// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.table.Inquiry;

/**
 * Who the client of a session is, and whether it comes too often.
 * Thread: event loop.
 */
final class SessionClient {
    private final ServiceLoop service;
    private final Connection connection;

    // Owned by the loop.
    private ClientStanding standing;
    private String text;
    private int sessionCount;

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

    /** Its session begins. */
    void enter() {
        sessionCount = service.clientCounts().enter(connection.address());
    }

    /** Its session has ended. */
    void leave() {
        service.clientCounts().leave(connection.address());
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

    /** Whether it has too many sessions, or begins them too often. */
    boolean isTooMany() {
        int sessionsMax = service.settings().limits().sessionsPerClient();
        if (sessionsMax > 0 && sessionCount > sessionsMax && !standing.isUnlimited()) {
            service.log().limitExceeded("Connection concurrency", sessionCount, text, service.name());
            return true;
        }
        return isTooOften(ClientEvent.CONNECTION);
    }

    /** Counts what the client does; true when it may not do it so often. */
    boolean isTooOften(ClientEvent event) {
        SessionLimits.Rates rates = service.settings().limits().rates();
        int max = rates.max(event);
        if (max == 0 || standing.isUnlimited()) {
            return false;
        }
        int count = service.clientCounts()
                .rates()
                .count(
                        event,
                        connection.address(),
                        service.nowNs(),
                        rates.unit().toNanos());
        if (count > max) {
            service.log().limitExceeded(event.text(), count, text, service.name());
        }
        return count > max;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.policy.ClientFacts;

/**
 * Who the client of a session is, and whether it comes too often.
 * Thread: event loop.
 */
final class SessionClient {
    private final ServiceLoop service;
    private final Connection connection;

    // Owned by the loop.
    private ClientFacts facts;
    private String text;
    private BareNewline bareNewline = BareNewline.NORMALIZE;
    private int sessionCount;

    /** Known by its address alone. */
    SessionClient(ServiceLoop service, Connection connection) {
        this.service = service;
        this.connection = connection;
        this.facts = rules().facts(connection.address(), ClientFacts.UNKNOWN);
        this.text = connection.describe(ClientFacts.UNKNOWN);
    }

    private ClientRules rules() {
        return service.settings().clients();
    }

    ClientFacts facts() {
        return facts;
    }

    /** {@code name[address]}, as the log has it. */
    String text() {
        return text;
    }

    /** What line feeds without a carriage return are to this client. */
    BareNewline bareNewline() {
        return bareNewline;
    }

    /** Its session begins. */
    void enter() {
        sessionCount = service.clientCounts().enter(connection.address());
    }

    /** Its session has ended. */
    void leave() {
        service.clientCounts().leave(connection.address());
    }

    void onNamed(String name) {
        facts = rules().facts(connection.address(), name);
        text = connection.describe(name);
        bareNewline = rules().bareNewline(facts, service.settings().protocol().bareNewline());
    }

    /** Whether it has too many sessions, or begins them too often. */
    boolean isTooMany() {
        int sessionsMax = service.settings().limits().sessionsPerClient();
        if (sessionsMax > 0 && sessionCount > sessionsMax && !rules().isUnlimited(facts)) {
            service.log().limitExceeded("Connection concurrency", sessionCount, text, service.name());
            return true;
        }
        return isTooOften(ClientEvent.CONNECTION);
    }

    /** Counts what the client does; true when it may not do it so often. */
    boolean isTooOften(ClientEvent event) {
        SessionLimits.Rates rates = service.settings().limits().rates();
        int max = rates.max(event);
        if (max == 0 || rules().isUnlimited(facts)) {
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

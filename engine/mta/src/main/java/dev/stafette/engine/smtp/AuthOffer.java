// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.auth.AuthMechanism;
import dev.stafette.engine.auth.AuthServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What EHLO says of AUTH (RFC 4954 §3): the mechanisms that the server of logins has now.
 * Thread: event loop; it has no state.
 */
final class AuthOffer {
    private static final String AUTH = "AUTH";

    /** In Postfix's order, what stands before it. */
    private static final Set<String> BEFORE = Set.of("PIPELINING", "SIZE", "VRFY", "ETRN", "STARTTLS");

    private AuthOffer() {}

    /** {@code ehlo}: without AUTH. */
    static Outcome accept(SmtpServerSession session, SmtpReply ehlo) {
        AuthRules rules = session.settings().auth();
        AuthServer server = rules.server();
        boolean isSecure = session.state().isSecure();
        if (server == null
                || !rules.isOffered(isSecure)
                || session.client().standing().hidden().contains(AUTH)) {
            return session.accept(ehlo);
        }
        return session.<List<AuthMechanism>>await(
                listener -> server.findMechanisms(session.connection().loop(), listener),
                all -> session.ask(
                        inquiry -> rules.isHiddenFrom(session.client().facts(), inquiry)
                                ? List.<String>of()
                                : rules.usable(
                                        all, isSecure, session.connection().channelBinding() != null, inquiry),
                        names -> session.accept(names.isEmpty() ? ehlo : with(ehlo, names, rules.offersTwice()))));
    }

    private static SmtpReply with(SmtpReply ehlo, List<String> mechanisms, boolean twice) {
        List<String> lines = new ArrayList<>(ehlo.lines());
        int at = 1;
        while (at < lines.size() && BEFORE.contains(lines.get(at).split(" ", 2)[0])) {
            at++;
        }
        String names = String.join(" ", mechanisms);
        if (twice) {
            lines.add(at, AUTH + '=' + names);
        }
        lines.add(at, AUTH + ' ' + names);
        return SmtpReply.ofLines(ehlo.code(), null, lines);
    }
}

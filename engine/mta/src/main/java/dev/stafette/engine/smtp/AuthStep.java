// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.engine.auth.AuthServer;

/** AUTH (RFC 4954 §4): what must be so before anybody is asked. Thread: event loop; it has no state. */
final class AuthStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        AuthRules rules = session.settings().auth();
        AuthServer server = rules.server();
        if (server == null
                || !rules.isOffered(session.state().isSecure())
                || session.client().standing().hidden().contains("AUTH")) {
            return session.refuse(SmtpPhrasebook.AUTH_DISABLED);
        }
        if (session.transaction() != null) {
            return session.refuse(SmtpPhrasebook.IN_TRANSACTION);
        }
        if (session.client().login().isLoggedIn()) {
            return session.refuse(SmtpPhrasebook.ALREADY_AUTHENTICATED);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        String[] words = ((SmtpCommand.Extension) command).argument().split(" ");
        if (words[0].isEmpty() || words.length > 2) {
            return session.refuse(SmtpPhrasebook.AUTH_SYNTAX);
        }
        if (session.client().isTooOften(ClientEvent.AUTH)) {
            return session.refuse(
                    session.service().replies().tooManyLogins(session.client().addressText()));
        }
        return new AuthDialogue(session, server, words[0]).begin(words.length == 2 ? words[1] : null);
    }
}

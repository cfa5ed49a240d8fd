// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.tls.ServerTls;

/** STARTTLS (RFC 3207 §4), which ends a transaction, too, as in Postfix. Thread: event loop; it has no state. */
final class StartTlsStep implements VerbStep {
    static final String KEYWORD = "STARTTLS";

    private static final SmtpReply TRY_LATER = SmtpReply.of(454, EnhancedStatus.of(4, 3, 0), "Try again later");

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        SmtpReply standing = session.milters().standing();
        if (standing != null) {
            return session.refuse(standing.isPermanent() ? standing : TRY_LATER);
        }
        if (session.state().isSecure()) {
            return session.refuse(SmtpPhrasebook.TLS_ACTIVE);
        }
        ServerTls tls = session.settings().tls();
        if (!tls.isOffered() || session.client().standing().hidden().contains(KEYWORD)) {
            return session.refuse(SmtpPhrasebook.NOT_IMPLEMENTED);
        }
        if (tls.context() == null) {
            return session.refuse(SmtpPhrasebook.TLS_UNAVAILABLE);
        }
        SessionClient client = session.client();
        if (client.wasTooOften(ClientEvent.NEW_TLS)) {
            session.log()
                    .warning("Refusing STARTTLS request from " + client.text() + " for service "
                            + session.service().name());
            return session.refuse(session.service().replies().tooManyTlsRequests(client.text()));
        }
        session.reply(SmtpPhrasebook.START_TLS);
        session.introduce(Hello.NONE);
        client.login().forget();
        session.tls().start();
        return Outcome.WAITING;
    }
}

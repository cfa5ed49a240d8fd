// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;

/** EHLO and HELO, which end a transaction too (RFC 5321 §4.1.1.1, §4.1.4). Thread: event loop. */
final class HelloStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        session.exchange().reset();
        if (command instanceof SmtpCommand.Ehlo ehlo) {
            session.setHello(new Hello(ehlo.name(), true));
            return session.accept(session.replies().ehlo);
        }
        session.setHello(new Hello(((SmtpCommand.Helo) command).name(), false));
        return session.accept(session.replies().helo);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;

/** RFC 5321 §4.1.1.5. Thread: event loop. */
final class ResetStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        session.exchange().reset();
        return session.accept(SmtpPhrasebook.OK);
    }
}

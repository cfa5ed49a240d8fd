// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;

/** RFC 5321 §4.1.1.8. Thread: event loop. */
final class HelpStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        return session.accept(SmtpPhrasebook.HELP);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpReply;

/** A verb that is not served. Thread: event loop. */
final class RefuseStep implements VerbStep {
    private final SmtpReply reply;

    RefuseStep(SmtpReply reply) {
        this.reply = reply;
    }

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        return session.refuse(reply);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;

/** Says whether a recipient would be accepted (RFC 5321 §3.5.3: 252 promises nothing). Thread: event loop. */
final class VerifyStep implements VerbStep {
    private static final EnhancedStatus MAYBE = EnhancedStatus.of(2, 0, 0);

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (!session.settings().protocol().hasVrfy()) {
            return session.refuse(SmtpPhrasebook.VRFY_DISABLED);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        SmtpCommand.Vrfy asked = (SmtpCommand.Vrfy) command;
        MailAddress address = asked.address();
        return RcptStep.judge(session, MailAddress.NULL, address, asked.smtpUtf8(), judged -> {
            SmtpReply refusal = judged.refusal();
            if (refusal == SmtpPhrasebook.BAD_RECIPIENT) {
                return session.refuse(refusal);
            }
            return refusal != null
                    ? session.reject("VRFY", refusal, MailAddress.NULL, address)
                    : session.accept(SmtpReply.of(252, MAYBE, asked.text()));
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/** Opens the content (RFC 5321 §4.1.1.4). Thread: event loop. */
final class DataStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.isChunked()) {
            return session.refuse(SmtpPhrasebook.DATA_AFTER_BDAT);
        }
        Transaction transaction = session.transaction();
        SmtpReply misplaced = misplaced(transaction);
        if (misplaced != null) {
            return session.refuse(misplaced);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        session.reply(SmtpPhrasebook.END_DATA);
        ContentReceiver content = MessageExchange.contentOf(session);
        content.beginData();
        session.awaitContent(content);
        return Outcome.PENDING;
    }

    /** Why there is nobody to take content for; null when there is. */
    static @Nullable SmtpReply misplaced(@Nullable Transaction transaction) {
        if (transaction == null) {
            return SmtpPhrasebook.NEED_RCPT;
        }
        return transaction.acceptedCount() == 0 ? SmtpPhrasebook.NO_RECIPIENTS : null;
    }
}

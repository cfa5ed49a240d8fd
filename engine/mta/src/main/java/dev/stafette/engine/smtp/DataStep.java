// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Restrictions;
import java.util.function.Function;
import java.util.function.Supplier;
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
        if (transaction == null) {
            return session.refuse(SmtpPhrasebook.NEED_RCPT);
        }
        boolean isJudged = session.settings().restrictions().has(RestrictionStage.DATA)
                || MilterTurn.isHeard(session)
                || session.proxy().isThere();
        return isJudged ? judge(session, transaction, "DATA", () -> begin(session), session::refuse) : begin(session);
    }

    private static Outcome begin(SmtpServerSession session) {
        session.reply(SmtpPhrasebook.END_DATA);
        ContentReceiver content = MessageExchange.contentOf(session);
        content.beginData();
        session.awaitContent(content);
        return Outcome.PENDING;
    }

    /** By the restrictions on DATA, and then by milters; both hold for BDAT, too. {@code command}: for the log. */
    static Outcome judge(
            SmtpServerSession session,
            Transaction transaction,
            String command,
            Supplier<Outcome> goOn,
            Function<SmtpReply, Outcome> refuse) {
        Restrictions restrictions = session.settings().restrictions();
        Supplier<Outcome> tellMilters = () ->
                MilterTurn.data(session, command, transaction, () -> ProxyTurn.data(session, goOn, refuse), refuse);
        if (!restrictions.has(RestrictionStage.DATA)) {
            return tellMilters.get();
        }
        Facts facts = SessionFacts.ofContent(session, transaction, transaction.sizeBytes());
        return session.ask(inquiry -> restrictions.atContent(RestrictionStage.DATA, facts, inquiry), ruling -> {
            RecipientFacts only = transaction.acceptedCount() == 1 ? transaction.firstRecipient() : null;
            SmtpReply refusal = session.rulings()
                    .take(command, ruling, transaction.givenSender(), only == null ? null : only.recipient());
            return refusal == null ? tellMilters.get() : refuse.apply(refusal);
        });
    }

    /** Why there is nobody to take content for; null when there is. */
    static @Nullable SmtpReply misplaced(@Nullable Transaction transaction) {
        if (transaction == null) {
            return SmtpPhrasebook.NEED_RCPT;
        }
        return transaction.acceptedCount() == 0 ? SmtpPhrasebook.NO_RECIPIENTS : null;
    }
}

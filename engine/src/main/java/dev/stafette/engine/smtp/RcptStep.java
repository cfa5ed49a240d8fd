// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.policy.RecipientFacts;
import dev.stafette.engine.rewrite.AddressRewriter;

/** Adds a recipient that policy allows (RFC 5321 §4.1.1.3). Thread: event loop. */
final class RcptStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        Transaction transaction = session.exchange().transaction();
        if (transaction == null) {
            return session.refuse(SmtpPhrasebook.NEED_MAIL);
        }
        if (session.exchange().isChunked()) {
            return session.refuse(SmtpPhrasebook.RCPT_AFTER_BDAT);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        if (session.client().isTooOften(ClientEvent.RECIPIENT)) {
            return session.refuse(session.replies().tooManyRecipients(session.addressText()));
        }
        if (transaction.acceptedCount() >= session.settings().limits().recipientCount()) {
            return tooMany(session, transaction);
        }
        EnvelopeRecipient recipient = ((SmtpCommand.Rcpt) command).recipient();
        RecipientFacts facts = facts(session, transaction.sender(), recipient.address());
        SmtpReply refusal = session.settings().policy().refusal(facts);
        if (refusal != null) {
            return session.reject("RCPT", refusal, transaction.sender(), recipient.address());
        }
        session.exchange().identify();
        transaction.add(
                facts.target() == recipient.address()
                        ? recipient
                        : new EnvelopeRecipient(facts.target(), recipient.notifyBits(), recipient.originalRecipient()));
        return session.accept(SmtpPhrasebook.RECIPIENT_OK);
    }

    static RecipientFacts facts(SmtpServerSession session, MailAddress sender, MailAddress recipient) {
        SmtpServerSettings settings = session.settings();
        MailAddress target = settings.rewriter().follow(recipient);
        return new RecipientFacts(
                session.client().facts(),
                sender,
                recipient,
                target,
                settings.classes().classOf(target),
                AddressRewriter.isRouted(recipient));
    }

    /** A client that splits its messages does not mean ill (RFC 5321 §4.5.3.1.10). */
    private static Outcome tooMany(SmtpServerSession session, Transaction transaction) {
        session.reply(SmtpPhrasebook.TOO_MANY_RECIPIENTS);
        int overshootMax = session.settings().limits().recipientOvershootCount();
        return Outcome.of(transaction.overshoot() <= overshootMax);
    }
}

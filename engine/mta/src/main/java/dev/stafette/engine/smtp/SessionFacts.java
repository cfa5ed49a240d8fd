// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.MessageFacts;
import dev.stafette.engine.restriction.RecipientFacts;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows, as restrictions want it.
 * Thread: event loop.
 */
final class SessionFacts {
    private SessionFacts() {}

    /** Of the client and what it calls itself. */
    static Facts of(SmtpServerSession session, ClientStanding client, String helo) {
        return new Facts(client.facts(), helo, null, null, null, "", MessageFacts.NONE, session.connectionFacts());
    }

    /** Of ETRN. */
    static Facts ofEtrn(SmtpServerSession session, String domain) {
        return new Facts(
                session.client().facts(),
                session.state().hello().name(),
                null,
                null,
                null,
                domain,
                MessageFacts.NONE,
                session.connectionFacts());
    }

    /** Of a recipient. {@code transaction}: null outside of one. */
    static Facts of(
            SmtpServerSession session,
            ClientStanding client,
            @Nullable Transaction transaction,
            boolean smtpUtf8,
            @Nullable RecipientFacts recipient) {
        return new Facts(
                client.facts(),
                session.state().hello().name(),
                transaction == null ? null : transaction.givenSender(),
                transaction == null ? null : transaction.sender(),
                recipient,
                "",
                message(session, transaction, smtpUtf8),
                session.connectionFacts());
    }

    private static MessageFacts message(
            SmtpServerSession session, @Nullable Transaction transaction, boolean smtpUtf8) {
        if (transaction == null) {
            return MessageFacts.NONE;
        }
        String queueId = transaction.queueIdText();
        return new MessageFacts(
                queueId == null ? "" : queueId,
                transaction.acceptedCount(),
                transaction.sizeBytes(),
                false,
                smtpUtf8,
                session.state().isPipelined(),
                transaction.orders().isHeld(),
                transaction.orders().isDiscarded());
    }

    /** Of DATA, or of a message that is there; a sole recipient is known. */
    static Facts ofContent(SmtpServerSession session, Transaction transaction, long sizeBytes) {
        Facts before = of(
                session,
                session.client().standing(),
                transaction,
                transaction.isSmtpUtf8(),
                transaction.acceptedCount() == 1 ? transaction.firstRecipient() : null);
        MessageFacts message = before.message();
        return new Facts(
                before.client(),
                before.helo(),
                before.givenSender(),
                before.sender(),
                before.recipient(),
                "",
                new MessageFacts(
                        message.queueId(),
                        message.recipientCount(),
                        sizeBytes,
                        true,
                        message.isSmtpUtf8(),
                        message.isPipelined(),
                        message.isHeld(),
                        message.isDiscarded()),
                before.connection());
    }

    /** Of a sender before there is a transaction. */
    static Facts ofSender(SmtpServerSession session, MailAddress given, MailAddress complete, boolean smtpUtf8) {
        return new Facts(
                session.client().facts(),
                session.state().hello().name(),
                given,
                complete,
                null,
                "",
                new MessageFacts("", 0, 0, false, smtpUtf8, session.state().isPipelined(), false, false),
                session.connectionFacts());
    }
}

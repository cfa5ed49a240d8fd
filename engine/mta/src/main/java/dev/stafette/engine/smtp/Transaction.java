// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.engine.intake.MessageOrders;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.storage.format.QueueId;
import org.jspecify.annotations.Nullable;

/**
 * From MAIL to the end of the content (RFC 5321 §3.3).
 * Thread: event loop.
 */
final class Transaction {
    static final String NO_QUEUE_ID = "NOQUEUE";

    private final SmtpCommand.Mail mail;
    private final MailAddress sender;
    private final long arrivalMs;
    private final long arrivalNs;

    // Owned by the session.
    private final RecipientList recipients = new RecipientList();
    private int acceptedCount;
    private int overshootCount;
    private @Nullable RecipientFacts firstRecipient;
    private MessageOrders orders = MessageOrders.NONE;
    private long queueId = QueueId.NONE;
    private @Nullable String queueIdText;

    /** @param sender in its complete form */
    Transaction(SmtpCommand.Mail mail, MailAddress sender, long arrivalMs, long arrivalNs) {
        this.mail = mail;
        this.sender = sender;
        this.arrivalMs = arrivalMs;
        this.arrivalNs = arrivalNs;
    }

    MailAddress sender() {
        return sender;
    }

    /** As the client has it. */
    MailAddress givenSender() {
        return mail.sender();
    }

    /** As MAIL says; 0: it does not. */
    long sizeBytes() {
        return Math.max(0, mail.sizeBytes());
    }

    /** From AUTH= of MAIL (RFC 4954 §5), as received; empty: nobody, or not said. */
    String authSender() {
        String said = mail.auth();
        return said == null || said.equals("<>") ? "" : said;
    }

    boolean isSmtpUtf8() {
        return mail.smtpUtf8();
    }

    long arrivalMs() {
        return arrivalMs;
    }

    long arrivalNs() {
        return arrivalNs;
    }

    /** RCPT commands that got their 250. */
    int acceptedCount() {
        return acceptedCount;
    }

    /** Counts a recipient beyond the limit; returns how many there were. */
    int overshoot() {
        return ++overshootCount;
    }

    /** A recipient that is named twice gets the message once. */
    void add(EnvelopeRecipient recipient, RecipientFacts facts) {
        acceptedCount++;
        firstRecipient = firstRecipient == null ? facts : firstRecipient;
        recipients.add(recipient);
    }

    @Nullable
    RecipientFacts firstRecipient() {
        return firstRecipient;
    }

    /** What access tables want done with the message. */
    MessageOrders orders() {
        return orders;
    }

    void setOrders(MessageOrders changed) {
        orders = changed;
    }

    /** Gives the message its id; returns its text. */
    String identify(long id) {
        String text = QueueId.format(id);
        queueId = id;
        queueIdText = text;
        return text;
    }

    /** The same for a message that will not be in the queue; returns what stands for its text. */
    String number(long id) {
        queueId = id;
        return NO_QUEUE_ID;
    }

    long queueId() {
        return queueId;
    }

    /** Null before the first recipient. */
    @Nullable
    String queueIdText() {
        return queueIdText;
    }

    Envelope envelope() {
        Envelope envelope = new Envelope(
                sender,
                mail.eightBit(),
                mail.smtpUtf8(),
                mail.dsnReturn(),
                mail.envelopeId(),
                TraceMode.NONE,
                mail.verp(),
                recipients.recipients());
        return mail.requiresTls() ? envelope.withTls(TlsDemand.REQUIRED) : envelope;
    }
}

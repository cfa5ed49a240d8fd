// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of one message: reverse-path, forward-paths and the parameters of MAIL (RFC 5321 §2.3.1, 6152, 6531, 3461).
 *
 * @param eightBit the client said {@code BODY=8BITMIME}
 * @param smtpUtf8 the client said {@code SMTPUTF8}
 * @param verp each recipient gets the message from a sender address of its own; null: all from this one
 * @param envelopeId the ENVID value as received (xtext, RFC 3461 §4.4); null when not given
 */
public record Envelope(
        MailAddress sender,
        boolean eightBit,
        boolean smtpUtf8,
        DsnReturn dsnReturn,
        @Nullable String envelopeId,
        TraceMode trace,
        @Nullable Verp verp,
        List<EnvelopeRecipient> recipients) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** From whom that recipient gets it, and who is told that it did not. */
    public MailAddress senderFor(EnvelopeRecipient recipient) {
        return verp == null || sender.isNull() ? sender : verp.sender(sender, recipient.address());
    }

    /** The same message from somebody else, with nothing left to vary. */
    public Envelope from(MailAddress other) {
        return new Envelope(other, eightBit, smtpUtf8, dsnReturn, envelopeId, trace, null, recipients);
    }

    /** The same message, sent by and to others. */
    public Envelope with(MailAddress otherSender, List<EnvelopeRecipient> otherRecipients) {
        return new Envelope(otherSender, eightBit, smtpUtf8, dsnReturn, envelopeId, trace, verp, otherRecipients);
    }

    /** The same message, which needs SMTPUTF8. */
    public Envelope withSmtpUtf8() {
        return new Envelope(sender, eightBit, true, dsnReturn, envelopeId, trace, verp, recipients);
    }

    /** An envelope without parameters. */
    public static Envelope of(MailAddress sender, List<EnvelopeRecipient> recipients) {
        return new Envelope(sender, false, false, DsnReturn.UNSPECIFIED, null, TraceMode.NONE, null, recipients);
    }
}

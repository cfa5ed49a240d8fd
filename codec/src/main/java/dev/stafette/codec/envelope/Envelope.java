// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of one message: reverse-path, forward-paths and the parameters of MAIL (RFC 5321 §2.3.1, 6152, 6531, 3461, 8689).
 *
 * @param eightBit the client said {@code BODY=8BITMIME}
 * @param smtpUtf8 the client said {@code SMTPUTF8}
 * @param verp each recipient gets the message from a sender address of its own; null: all from this one
 * @param envelopeId the ENVID value as received (xtext, RFC 3461 §4.4); null when not given
 * @param contentFilter {@code transport:nexthop} that all recipients go to first; null: their own ways
 * @param origin whom it came from first; null: this host, or nobody will ask
 * @param tls what the sender demands of the servers on the way
 * @param expanded aliases that others took the place of and whose sender asked to be told of success (RFC 3461 §5.2.7.1);
 *     they are not stored
 */
public record Envelope(
        MailAddress sender,
        boolean eightBit,
        boolean smtpUtf8,
        DsnReturn dsnReturn,
        @Nullable String envelopeId,
        TraceMode trace,
        @Nullable Verp verp,
        List<EnvelopeRecipient> recipients,
        @Nullable String contentFilter,
        @Nullable MessageOrigin origin,
        TlsDemand tls,
        List<EnvelopeRecipient> expanded) {
    public Envelope {
        recipients = List.copyOf(recipients);
        expanded = List.copyOf(expanded);
    }

    /** As it comes in, or out of the journal. */
    public Envelope(
            MailAddress sender,
            boolean eightBit,
            boolean smtpUtf8,
            DsnReturn dsnReturn,
            @Nullable String envelopeId,
            TraceMode trace,
            @Nullable Verp verp,
            List<EnvelopeRecipient> recipients,
            @Nullable String contentFilter,
            @Nullable MessageOrigin origin) {
        this(
                sender,
                eightBit,
                smtpUtf8,
                dsnReturn,
                envelopeId,
                trace,
                verp,
                recipients,
                contentFilter,
                origin,
                TlsDemand.NONE,
                List.of());
    }

    /** Of a message that nobody looks into on its way. */
    public Envelope(
            MailAddress sender,
            boolean eightBit,
            boolean smtpUtf8,
            DsnReturn dsnReturn,
            @Nullable String envelopeId,
            TraceMode trace,
            @Nullable Verp verp,
            List<EnvelopeRecipient> recipients) {
        this(sender, eightBit, smtpUtf8, dsnReturn, envelopeId, trace, verp, recipients, null, null);
    }

    /** From whom that recipient gets it, and who is told that it did not. */
    public MailAddress senderFor(EnvelopeRecipient recipient) {
        return verp == null || sender.isNull() ? sender : verp.sender(sender, recipient.address());
    }

    /** The same message from somebody else, with nothing left to vary. */
    public Envelope from(MailAddress other) {
        return changed(other, smtpUtf8, null, recipients, contentFilter, origin, expanded);
    }

    /** The same message from somebody else, which varies in that way. */
    public Envelope withSender(MailAddress other, @Nullable Verp varied) {
        return changed(other, smtpUtf8, varied, recipients, contentFilter, origin, expanded);
    }

    /** The same message, sent by and to others. */
    public Envelope with(MailAddress otherSender, List<EnvelopeRecipient> otherRecipients) {
        return with(otherSender, otherRecipients, expanded);
    }

    /** The same message, sent by and to others, and those whom these have taken the place of. */
    public Envelope with(
            MailAddress otherSender, List<EnvelopeRecipient> otherRecipients, List<EnvelopeRecipient> aliases) {
        return changed(otherSender, smtpUtf8, verp, otherRecipients, contentFilter, origin, aliases);
    }

    /** The same message, which needs SMTPUTF8. */
    public Envelope withSmtpUtf8() {
        return changed(sender, true, verp, recipients, contentFilter, origin, expanded);
    }

    /** The same message, which goes to {@code transport:nexthop} first. */
    public Envelope withContentFilter(String transportAndNextHop) {
        return changed(sender, smtpUtf8, verp, recipients, transportAndNextHop, origin, expanded);
    }

    public Envelope withOrigin(MessageOrigin known) {
        return changed(sender, smtpUtf8, verp, recipients, contentFilter, known, expanded);
    }

    /** The same message, with other parameters of MAIL about reports (RFC 3461 §4.3, §4.4). */
    public Envelope withReports(DsnReturn returned, @Nullable String id) {
        return new Envelope(
                sender,
                eightBit,
                smtpUtf8,
                returned,
                id,
                trace,
                verp,
                recipients,
                contentFilter,
                origin,
                tls,
                expanded);
    }

    /** The same message, whose sender demands that. */
    public Envelope withTls(TlsDemand demand) {
        return demand == tls
                ? this
                : new Envelope(
                        sender,
                        eightBit,
                        smtpUtf8,
                        dsnReturn,
                        envelopeId,
                        trace,
                        verp,
                        recipients,
                        contentFilter,
                        origin,
                        demand,
                        expanded);
    }

    private Envelope changed(
            MailAddress otherSender,
            boolean needsUtf8,
            @Nullable Verp otherVerp,
            List<EnvelopeRecipient> otherRecipients,
            @Nullable String otherFilter,
            @Nullable MessageOrigin otherOrigin,
            List<EnvelopeRecipient> otherExpanded) {
        return new Envelope(
                otherSender,
                eightBit,
                needsUtf8,
                dsnReturn,
                envelopeId,
                trace,
                otherVerp,
                otherRecipients,
                otherFilter,
                otherOrigin,
                tls,
                otherExpanded);
    }

    /** An envelope without parameters. */
    public static Envelope of(MailAddress sender, List<EnvelopeRecipient> recipients) {
        return new Envelope(sender, false, false, DsnReturn.UNSPECIFIED, null, TraceMode.NONE, null, recipients);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A message that goes on to others when all else of its recipient has been done.
 * Thread: the delivery worker's.
 */
final class PendingForward {
    private final String deliveredTo;
    private final MailAddress sender;
    private final boolean isList;
    private final List<EnvelopeRecipient> recipients = new ArrayList<>();

    /** {@code deliveredTo}: for whom it was here. */
    PendingForward(String deliveredTo, MailAddress sender, boolean isList) {
        this.deliveredTo = deliveredTo;
        this.sender = sender;
        this.isList = isList;
    }

    void add(EnvelopeRecipient recipient) {
        recipients.add(recipient);
    }

    String deliveredTo() {
        return deliveredTo;
    }

    Envelope envelope(Envelope from) {
        Envelope envelope = new Envelope(
                sender,
                from.eightBit(),
                from.smtpUtf8(),
                isList ? DsnReturn.UNSPECIFIED : from.dsnReturn(),
                isList ? null : from.envelopeId(),
                TraceMode.NONE,
                null,
                recipients,
                null,
                from.origin());
        // RFC 8689 §4.1: to whomever it goes on.
        return envelope.withTls(from.tls());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts our Received field on top (RFC 5321 §4.4). Thread: event loop. */
final class ReceivedStep implements HeaderStep {
    @Override
    public @Nullable SmtpReply onHeader(MessageDraft message) {
        Arrival arrival = message.arrival();
        ReceivedHeader received = arrival.received();
        if (received == null) {
            return null;
        }
        List<EnvelopeRecipient> recipients = message.envelope().recipients();
        // With several, each would read of the others.
        MailAddress only = recipients.size() == 1 ? recipients.get(0).address() : null;
        received.write(
                arrival.queueIdText(),
                only,
                message.date(),
                arrival.arrivalMs(),
                message.header().newField());
        message.header().putOnTop();
        return null;
    }
}

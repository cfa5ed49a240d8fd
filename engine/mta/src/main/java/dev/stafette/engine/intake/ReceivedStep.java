// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts our Received field on top (RFC 5321 §4.4). Thread: event loop. */
final class ReceivedStep implements IntakeStep {
    @Override
    public @Nullable SmtpReply apply(MessageHead head) {
        Arrival arrival = head.arrival();
        List<EnvelopeRecipient> recipients = arrival.envelope().recipients();
        // With several, each would read of the others.
        MailAddress only = recipients.size() == 1 ? recipients.get(0).address() : null;
        arrival.received().write(arrival.queueIdText(), only, head.date(), arrival.arrivalMs(), head.prefix());
        return null;
    }
}

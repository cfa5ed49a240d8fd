// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes an arrival of what was handed in: addresses get their complete form, and a recipient that is named twice gets the
 * message once.
 * Thread: pickup.
 */
final class SubmittedArrival {
    /** Where mail for the null address goes: empty_address_recipient. */
    private static final MailAddress DAEMON = MailAddress.of("MAILER-DAEMON", "");

    private static final long NS_PER_MS = 1_000_000;

    private final PickupSettings settings;

    SubmittedArrival(PickupSettings settings) {
        this.settings = settings;
    }

    Arrival of(Submission submission, long queueId, long nowMs, long nowNs) {
        MailAddress sender = settings.rewriter().complete(AddressList.split(submission.sender()));
        Set<MailAddress> seen = new LinkedHashSet<>();
        List<EnvelopeRecipient> recipients =
                new ArrayList<>(submission.recipients().size());
        boolean utf8 = !sender.isAscii();
        for (Submission.Recipient recipient : submission.recipients()) {
            MailAddress named = AddressList.split(recipient.address());
            MailAddress complete = settings.rewriter().complete(named.isNull() ? DAEMON : named);
            utf8 |= !complete.isAscii();
            if (seen.add(complete)) {
                recipients.add(new EnvelopeRecipient(complete, recipient.notifyBits(), recipient.original()));
            }
        }
        Envelope envelope = new Envelope(
                sender,
                submission.eightBit(),
                utf8,
                submission.dsnReturn(),
                submission.envelopeId(),
                submission.trace(),
                submission.verp(),
                recipients);
        return new Arrival(
                queueId,
                QueueId.format(queueId),
                submission.arrivalMs(),
                nowNs - (nowMs - submission.arrivalMs()) * NS_PER_MS,
                envelope,
                ReceivedHeader.ofUser(submission.userId(), settings.hostName()),
                submission.rewritesHeader(),
                submission.rewritesHeader(),
                null,
                submission.fullName());
    }
}

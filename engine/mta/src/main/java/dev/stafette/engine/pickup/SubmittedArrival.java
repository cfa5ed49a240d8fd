// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.List;

/** Makes an arrival of what was handed in, with the envelope that comes of it. Thread: pickup. */
final class SubmittedArrival {
    private static final long NS_PER_MS = 1_000_000;

    private final PickupSettings settings;

    SubmittedArrival(PickupSettings settings) {
        this.settings = settings;
    }

    Arrival of(Submission submission, long queueId, long nowMs, long nowNs) {
        List<EnvelopeRecipient> recipients =
                new ArrayList<>(submission.recipients().size());
        for (Submission.Recipient recipient : submission.recipients()) {
            recipients.add(new EnvelopeRecipient(
                    AddressList.split(recipient.address()), recipient.notifyBits(), recipient.original()));
        }
        Envelope given = new Envelope(
                AddressList.split(submission.sender()),
                submission.eightBit(),
                false,
                submission.dsnReturn(),
                submission.envelopeId(),
                submission.trace(),
                submission.verp(),
                recipients);
        if (submission.requiresTls()) {
            given = given.withTls(TlsDemand.REQUIRED);
        }
        if (settings.intake().keepsOrigin() && !submission.rewritesHeader()) {
            given = given.withOrigin(new MessageOrigin(null, null, null, null, null, null, false));
        }
        return new Arrival(
                Entrance.SUBMISSION,
                queueId,
                QueueId.format(queueId),
                submission.arrivalMs(),
                nowNs - (nowMs - submission.arrivalMs()) * NS_PER_MS,
                settings.rewriter().rewrite(given, Inquiry.BLOCKING),
                ReceivedHeader.ofUser(
                        submission.userId(),
                        settings.hostName(),
                        settings.intake().mailName()),
                submission.rewritesHeader(),
                submission.rewritesHeader(),
                null,
                submission.fullName(),
                true,
                null);
    }
}

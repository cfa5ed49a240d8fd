// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;
import java.util.List;

/**
 * Adds the recipients that access tables want to have a copy (BCC); nobody hears of those. They go the way of any recipient.
 * Thread: event loop.
 */
final class OrderedCopiesStep implements IntakeStep {
    /** What is written by us may be checked, too. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        List<String> copies = message.orders().copies();
        if (copies.isEmpty()) {
            return StepOutcome.DONE;
        }
        Envelope envelope = message.envelope();
        RecipientList all = new RecipientList(envelope.recipients().size() + copies.size());
        envelope.recipients().forEach(all::add);
        for (String copy : copies) {
            all.add(new EnvelopeRecipient(RedirectStep.address(copy), DsnNotify.NEVER, null));
        }
        message.setEnvelope(envelope.with(envelope.sender(), all.recipients()));
        return StepOutcome.DONE;
    }
}

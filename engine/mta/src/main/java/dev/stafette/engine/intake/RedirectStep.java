// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;

/**
 * Sends the message to the one address that an access table has for it (REDIRECT), whatever maps say of that, or nowhere
 * (DISCARD).
 * Thread: event loop.
 */
final class RedirectStep implements IntakeStep {
    /** What is written by us may be checked, too. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        MessageOrders orders = message.orders();
        if (orders.isDiscarded()) {
            return StepOutcome.DISCARD;
        }
        String redirect = orders.redirect();
        if (redirect != null) {
            message.setEnvelope(redirected(message.envelope(), redirect));
        }
        return StepOutcome.DONE;
    }

    static Envelope redirected(Envelope envelope, String redirect) {
        MailAddress target = address(redirect);
        RecipientList all = new RecipientList(1, RecipientList.UNLIMITED, true);
        for (EnvelopeRecipient recipient : envelope.recipients()) {
            all.add(recipient.at(target));
        }
        return envelope.with(envelope.sender(), all.recipients());
    }

    /** What is no address stays what it is: it comes back as undeliverable. */
    static MailAddress address(String text) {
        MailAddress parsed = AddressParser.parse(text);
        return parsed == null ? MailAddress.of(text.substring(0, text.lastIndexOf('@')), domain(text)) : parsed;
    }

    private static String domain(String text) {
        return text.substring(text.lastIndexOf('@') + 1);
    }
}

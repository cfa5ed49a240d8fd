// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.engine.rewrite.AddressMappings;
import java.util.List;

/**
 * Exchanges, multiplies and adds addresses of the envelope by canonical_maps, masquerade_domains, virtual_alias_maps and
 * automatic copies, and adds those who get the message because of its content.
 * Thread: event loop.
 */
final class EnvelopeAddressStep implements IntakeStep {
    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        AddressMappings mappings = message.settings().addresses().mappings();
        List<String> ordered = message.orders().contentCopies();
        if (!mappings.isForEnvelopes() && ordered.isEmpty()) {
            return StepOutcome.DONE;
        }
        List<MailAddress> copies = ordered.stream().map(RedirectStep::address).toList();
        Envelope given = message.envelope();
        Entrance entrance = message.arrival().entrance();
        boolean isMail = !given.trace().onlyAsks();
        boolean isNew = isMail && (entrance == Entrance.SMTP || entrance == Entrance.SUBMISSION);
        return AddressJudgement.run(message, run -> mappings.map(given, isNew, copies, run), MessageDraft::setEnvelope);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.engine.rewrite.AddressMappings;

/**
 * Exchanges, multiplies and adds addresses of the envelope by canonical_maps, masquerade_domains, virtual_alias_maps and
 * automatic copies.
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
        if (!mappings.isForEnvelopes()) {
            return StepOutcome.DONE;
        }
        Envelope given = message.envelope();
        Entrance entrance = message.arrival().entrance();
        boolean isMail = !given.trace().onlyAsks();
        boolean isNew = isMail && (entrance == Entrance.SMTP || entrance == Entrance.SUBMISSION);
        return AddressJudgement.run(message, run -> mappings.map(given, isNew, run), MessageDraft::setEnvelope);
    }
}

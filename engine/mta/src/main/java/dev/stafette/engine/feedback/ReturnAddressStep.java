// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepOutcome;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Puts the envelope sender of mail that is ours under a seal that says which message it is, on whose behalf it is sent, and, where
 * that is short enough, who the recipient is.
 * Thread: event loop. The cost is that of two HMACs a message, and one for each recipient as it leaves.
 */
final class ReturnAddressStep implements IntakeStep {
    private static final String SENDERS = "return_address_senders";
    private static final Verp VERP = new Verp('+', '=');

    private final ReturnKeys keys;
    private final Set<String> senders;
    private final String tenantField;
    private final String campaignField;
    private final int localPartMax;

    ReturnAddressStep(ReturnKeys keys, Settings settings) {
        this.keys = keys;
        this.senders = new HashSet<>();
        for (String word : settings.words(SENDERS)) {
            senders.add(word.toLowerCase(Locale.ROOT));
        }
        this.tenantField = settings.text("tenant_header_field");
        this.campaignField = settings.text("campaign_header_field");
        this.localPartMax = settings.count("return_address_local_part_limit");
    }

    static boolean isWanted(Settings settings) {
        return !settings.text(ReturnAddresses.KEY_FILE).isEmpty()
                && !settings.words(SENDERS).isEmpty();
    }

    /** What is sent for the first time. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SMTP || entrance == Entrance.SUBMISSION;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        Envelope envelope = message.envelope();
        MailAddress sender = envelope.sender();
        boolean isWanted = message.arrival().isOurs()
                && !sender.isNull()
                && sender.isAscii()
                && (senders.contains(sender.domainKey())
                        || senders.contains((sender.localPart() + '@' + sender.domain()).toLowerCase(Locale.ROOT)));
        // Mail that a filter gives back has its seal.
        if (isWanted && ReturnAddress.parse(sender) == null) {
            message.setEnvelope(sealed(message, envelope));
        }
        return StepOutcome.DONE;
    }

    private Envelope sealed(MessageDraft message, Envelope envelope) {
        ReturnAddress stored = ReturnAddress.seal(
                envelope.sender(),
                keys.firstId(),
                keys.first(),
                message.arrival().queueId(),
                value(message.header(), tenantField),
                value(message.header(), campaignField));
        if (envelope.verp() != null || isShort(stored, envelope)) {
            return envelope.withSender(stored.address(), envelope.verp() == null ? VERP : envelope.verp());
        }
        return envelope.withSender(stored.sealedFor(null).address(), null);
    }

    /** Whether that of the longest recipient is what servers can be expected to take. */
    private boolean isShort(ReturnAddress stored, Envelope envelope) {
        int longest = 0;
        for (EnvelopeRecipient recipient : envelope.recipients()) {
            longest = Math.max(longest, recipient.address().external().length());
        }
        int bare = stored.sealedFor(null).address().localPart().length();
        return bare + 1 + longest <= localPartMax;
    }

    private static String value(HeaderFields header, String name) {
        int index = name.isEmpty() ? -1 : header.find(name, 0);
        return index < 0 ? "" : header.value(index).replaceAll("\\s+", " ").strip();
    }
}

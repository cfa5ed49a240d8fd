// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Inquiry;
import java.util.Locale;

/**
 * {@code reject_unlisted_recipient}: nobody of that name is here.
 * Thread: any (a value).
 *
 * @param code {@code unknown_local_recipient_reject_code}
 */
record UnlistedRecipient(LocalRecipients known, int code) implements Restriction {
    UnlistedRecipient(RestrictionParts parts) {
        this(parts.localRecipients(), parts.unlistedCode());
    }

    @Override
    public Verdict check(Facts facts, RestrictionStage stage, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (recipient == null) {
            return Verdict.DUNNO;
        }
        if (recipient.targetClass() == AddressClass.UNKNOWN) {
            return Restrictions.lookupFailed(facts);
        }
        // RFC 5321 §4.5.1: the postmaster of a domain of ours exists.
        if (recipient.targetClass() != AddressClass.LOCAL
                || recipient.target().localPart().toLowerCase(Locale.ROOT).equals("postmaster")) {
            return Verdict.DUNNO;
        }
        return switch (known.find(recipient.target(), inquiry)) {
            case FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> Restrictions.lookupFailed(facts);
            case NOT_FOUND ->
                Verdict.reject(facts.refusal(
                        RestrictionStage.RECIPIENT,
                        code,
                        EnhancedStatus.of(code / 100, 1, 1),
                        "User unknown in local recipient table"));
        };
    }
}

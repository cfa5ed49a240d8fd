// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Inquiry;

/**
 * Whether mail for the recipient is ours to take: {@code permit_auth_destination}, {@code reject_unauth_destination},
 * {@code defer_unauth_destination}.
 * Thread: any (a value).
 *
 * @param code for what is not; {@link #PERMITS}: refuses nothing, and permits what is
 */
record AuthDestination(int code) implements Restriction {
    static final int PERMITS = 0;
    static final int DEFER_CODE = 454;

    @Override
    public Verdict check(Facts facts, RestrictionStage stage, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (recipient == null) {
            return Verdict.DUNNO;
        }
        if (recipient.targetClass() == AddressClass.UNKNOWN) {
            return Restrictions.lookupFailed(facts);
        }
        boolean isOurs = recipient.targetClass() != AddressClass.OTHER && !recipient.isRouted();
        if (code == PERMITS) {
            return isOurs ? Verdict.OK : Verdict.DUNNO;
        }
        return isOurs ? Verdict.DUNNO : refusal(recipient);
    }

    private Verdict refusal(RecipientFacts recipient) {
        SmtpReply reply = SmtpReply.of(
                code,
                EnhancedStatus.of(code / 100, 7, 1),
                "<" + recipient.recipient().external() + ">: Relay access denied");
        return code == DEFER_CODE ? Verdict.defer(reply) : Verdict.reject(reply);
    }
}

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

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
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
        return isOurs ? Verdict.DUNNO : Verdict.reject(refusal(recipient));
    }

    private SmtpReply refusal(RecipientFacts recipient) {
        return SmtpReply.of(
                code,
                EnhancedStatus.of(code / 100, 7, 1),
                "<" + Facts.plain(recipient.recipient()) + ">: Relay access denied");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;

/**
 * The client's address has no name: {@code reject_unknown_client_hostname} wants one that has this address,
 * {@code reject_unknown_reverse_client_hostname} any.
 * Thread: any (a value).
 *
 * @param code {@code unknown_client_reject_code}; what cannot be told now is for now
 */
record UnknownClientName(int code, boolean isReverse) implements Restriction {
    private static final int FOR_NOW = 450;

    static Restriction verified(RestrictionParts parts) {
        return new UnknownClientName(parts.code("unknown_client_reject_code"), false);
    }

    static Restriction reverse(RestrictionParts parts) {
        return new UnknownClientName(parts.code("unknown_client_reject_code"), true);
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        ClientName names = facts.client().names();
        Finding found = isReverse ? names.reverse() : names.verified();
        if (found == Finding.FOUND) {
            return Verdict.DUNNO;
        }
        int said = found == Finding.UNAVAILABLE ? FOR_NOW : code;
        return Verdict.reject(SmtpReply.of(
                said,
                EnhancedStatus.of(said / 100, 7, isReverse ? 1 : 25),
                "Client host rejected: cannot find your " + (isReverse ? "reverse hostname" : "hostname") + ", ["
                        + IpText.format(facts.client().address()) + "]"));
    }
}

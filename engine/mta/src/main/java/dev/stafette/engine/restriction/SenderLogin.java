// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.util.List;

/**
 * A sender's address has an owner, who has not logged in: {@code reject_unauthenticated_sender_login_mismatch} and its like.
 * Thread: any (a value).
 *
 * @param owners {@code smtpd_sender_login_maps}
 */
record SenderLogin(List<Table> owners, AddressKeys keys) implements Restriction {
    static Restriction of(String name, RestrictionParts parts) {
        return Unauthenticated.isLoginOffered(parts)
                ? new SenderLogin(parts.settings().tables("smtpd_sender_login_maps", parts.tables()), parts.keys())
                : Unauthenticated.login(name, parts);
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress sender = facts.sender();
        if (owners.isEmpty() || sender == null || sender.isNull()) {
            return Verdict.DUNNO;
        }
        return switch (keys.find(owners, sender, inquiry).answer().finding()) {
            case NOT_FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> Verdict.fault(Restrictions.lookupFailure(sender));
            case FOUND ->
                Verdict.reject(facts.refusal(Subject.SENDER, 553, EnhancedStatus.of(5, 7, 1), "not logged in"));
        };
    }
}

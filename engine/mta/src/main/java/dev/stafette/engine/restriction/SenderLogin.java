// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;

/**
 * A sender's address belongs to somebody else than the client has logged in as, or to somebody while it has not:
 * {@code reject_sender_login_mismatch} and its like.
 * Thread: any (a value).
 *
 * @param owners {@code smtpd_sender_login_maps}
 */
record SenderLogin(Whose whose, List<Table> owners, AddressKeys keys) implements Restriction {
    /** Whom a check is about. */
    enum Whose {
        ANYBODY(true, true, false),
        /** An address without an owner is everybody's. */
        OWNED_ADDRESS(true, true, true),
        LOGGED_IN(true, false, false),
        NOT_LOGGED_IN(false, true, false);

        private final boolean isForLoggedIn;
        private final boolean isForOthers;
        private final boolean sparesUnowned;

        Whose(boolean isForLoggedIn, boolean isForOthers, boolean sparesUnowned) {
            this.isForLoggedIn = isForLoggedIn;
            this.isForOthers = isForOthers;
            this.sparesUnowned = sparesUnowned;
        }
    }

    static Restriction of(String name, Whose whose, RestrictionParts parts) {
        return Unauthenticated.isLoginOffered(parts)
                ? new SenderLogin(
                        whose, parts.settings().tables("smtpd_sender_login_maps", parts.tables()), parts.keys())
                : Unauthenticated.noLogin(name);
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress sender = facts.sender();
        LoginFacts login = facts.connection().login();
        boolean concerns = login.isLoggedIn() ? whose.isForLoggedIn : whose.isForOthers;
        if (!concerns || owners.isEmpty() || sender == null || sender.isNull()) {
            return Verdict.DUNNO;
        }
        TableAnswer answer = keys.find(owners, sender, inquiry).answer();
        if (answer.isUnavailable()) {
            return Verdict.fault(Restrictions.lookupFailure(sender));
        }
        if (!login.isLoggedIn()) {
            return answer.isFound() ? reject(facts, "not logged in") : Verdict.DUNNO;
        }
        boolean isOwn = answer.isFound()
                ? ConfigWords.split(answer.value()).stream().anyMatch(login.user()::equalsIgnoreCase)
                : whose.sparesUnowned;
        return isOwn ? Verdict.DUNNO : reject(facts, "not owned by user " + login.user());
    }

    private static Verdict reject(Facts facts, String why) {
        return Verdict.reject(facts.refusal(Subject.SENDER, 553, EnhancedStatus.of(5, 7, 1), why));
    }
}

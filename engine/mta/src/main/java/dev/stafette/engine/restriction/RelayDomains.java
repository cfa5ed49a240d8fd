// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;

/**
 * {@code check_relay_domains}, of which the world was made before there was reject_unauth_destination: clients of
 * {@code relay_domains} may send anywhere, and everybody to our destinations.
 * Thread: any (a value).
 *
 * @param code {@code relay_domains_reject_code}
 */
record RelayDomains(DomainList domains, AuthDestination destination, int code) implements Restriction {
    static Restriction of(RestrictionParts parts) {
        return new RelayDomains(
                parts.settings().domains("relay_domains", parts.tables()),
                new AuthDestination(AuthDestination.PERMITS),
                parts.code("relay_domains_reject_code"));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        if (facts.recipient() == null) {
            return Verdict.DUNNO;
        }
        if (domains.find(facts.client().name(), inquiry) == Finding.FOUND) {
            return Verdict.OK;
        }
        Verdict verdict = destination.check(facts, subject, inquiry);
        return verdict == Verdict.DUNNO
                ? Verdict.reject(facts.refusal(
                        Subject.RECIPIENT, code, EnhancedStatus.of(code / 100, 7, 1), "Relay access denied"))
                : verdict;
    }
}

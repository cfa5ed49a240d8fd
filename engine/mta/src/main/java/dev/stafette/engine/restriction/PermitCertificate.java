// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.Trust;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.util.List;

/**
 * Who may by a certificate: {@code permit_tls_clientcerts} by a list of digests, {@code permit_tls_all_clientcerts} also by
 * an authority that is trusted.
 * Thread: any (a value).
 *
 * @param tables {@code relay_clientcerts}
 * @param takesTrusted whoever has a certificate that is trusted may
 */
record PermitCertificate(List<Table> tables, boolean takesTrusted) implements Restriction {
    static Restriction listed(RestrictionParts parts) {
        return of(parts, false);
    }

    static Restriction trusted(RestrictionParts parts) {
        return of(parts, true);
    }

    private static Restriction of(RestrictionParts parts, boolean takesTrusted) {
        return areAsked(parts)
                ? new PermitCertificate(parts.settings().tables("relay_clientcerts", parts.tables()), takesTrusted)
                : new FixedVerdict(Verdict.DUNNO);
    }

    /** Clients are asked for their certificates; else none has one. */
    static boolean areAsked(RestrictionParts parts) {
        return parts.settings().flag("smtpd_tls_ask_ccert") || parts.settings().flag("smtpd_tls_req_ccert");
    }

    static Restriction notAsked(String name) {
        return new FixedVerdict(Verdict.nothing(name + " is requested, but \"smtpd_tls_ask_ccert = no\""));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        PeerCertificate shown = facts.connection().certificate();
        if (shown == null) {
            return Verdict.DUNNO;
        }
        if (takesTrusted && shown.trust() != Trust.UNTRUSTED) {
            return Verdict.OK;
        }
        for (String digest : List.of(shown.fingerprint(), shown.publicKeyFingerprint())) {
            for (Table table : tables) {
                Finding finding = table.lookup(digest, inquiry).finding();
                if (finding != Finding.NOT_FOUND) {
                    return finding == Finding.FOUND ? Verdict.OK : Restrictions.lookupFailed(facts);
                }
            }
        }
        return Verdict.DUNNO;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import java.util.Locale;

/**
 * Checks of who has logged in, or has a certificate, which nobody can yet.
 * Thread: any.
 */
final class Unauthenticated {
    private Unauthenticated() {}

    /** Who has not logged in does not concern it. */
    static Restriction login(String name, RestrictionParts parts) {
        return new FixedVerdict(
                isLoginOffered(parts)
                        ? Verdict.DUNNO
                        : Verdict.nothing("restriction `" + name + "' ignored: no SASL support"));
    }

    /** Who has no certificate does not concern it. */
    static Restriction certificate(RestrictionParts parts) {
        return new FixedVerdict(
                isYes(parts, "smtpd_tls_ask_ccert")
                        ? Verdict.DUNNO
                        : Verdict.nothing("check_ccert_access is requested, but \"smtpd_tls_ask_ccert = no\""));
    }

    static boolean isLoginOffered(RestrictionParts parts) {
        return isYes(parts, "smtpd_sasl_auth_enable");
    }

    private static boolean isYes(RestrictionParts parts, String parameter) {
        return parts.settings().anyText(parameter).toLowerCase(Locale.ROOT).equals("yes");
    }
}

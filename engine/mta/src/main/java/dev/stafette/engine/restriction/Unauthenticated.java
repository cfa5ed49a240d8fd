// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import java.util.Locale;

/**
 * Checks of who has logged in where nobody can, or of who has a certificate, which nobody can yet.
 * Thread: any.
 */
final class Unauthenticated {
    private Unauthenticated() {}

    static Restriction noLogin(String name) {
        return new FixedVerdict(Verdict.nothing("restriction `" + name + "' ignored: no SASL support"));
    }

    /** Who has no certificate does not concern it. */
    static Restriction certificate(RestrictionParts parts) {
        String parameter = "smtpd_tls_ask_ccert";
        return new FixedVerdict(
                parts.settings().anyText(parameter).toLowerCase(Locale.ROOT).equals("yes")
                        ? Verdict.DUNNO
                        : Verdict.nothing("check_ccert_access is requested, but \"smtpd_tls_ask_ccert = no\""));
    }

    static boolean isLoginOffered(RestrictionParts parts) {
        return parts.settings().flag("smtpd_sasl_auth_enable");
    }
}

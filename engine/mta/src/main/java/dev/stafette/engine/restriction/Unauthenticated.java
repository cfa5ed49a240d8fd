// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * Checks of who has logged in where nobody can.
 * Thread: any.
 */
final class Unauthenticated {
    private Unauthenticated() {}

    static Restriction noLogin(String name) {
        return new FixedVerdict(Verdict.nothing("restriction `" + name + "' ignored: no SASL support"));
    }

    static boolean isLoginOffered(RestrictionParts parts) {
        return parts.settings().flag("smtpd_sasl_auth_enable");
    }
}

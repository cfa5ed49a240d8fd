// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Inquiry;

/** {@code permit_sasl_authenticated}. Thread: any (a value). */
record PermitLogin() implements Restriction {
    /** A login that a proxy tells of (XCLIENT) counts where clients may log in, and nowhere else. */
    static Restriction of(RestrictionParts parts) {
        return parts.settings().flag("smtpd_sasl_auth_enable") ? new PermitLogin() : new FixedVerdict(Verdict.DUNNO);
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return facts.connection().login().isKnown() ? Verdict.OK : Verdict.DUNNO;
    }
}

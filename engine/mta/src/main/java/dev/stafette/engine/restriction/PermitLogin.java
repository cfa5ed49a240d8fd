// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Inquiry;

/** {@code permit_sasl_authenticated}. Thread: any (a value). */
record PermitLogin() implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return facts.connection().login().isKnown() ? Verdict.OK : Verdict.DUNNO;
    }
}

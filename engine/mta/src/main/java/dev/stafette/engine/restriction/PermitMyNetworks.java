// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Inquiry;

/** {@code permit_mynetworks}. Thread: any (a value). */
record PermitMyNetworks() implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return switch (facts.client().trust()) {
            case FOUND -> Verdict.OK;
            case NOT_FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> Restrictions.lookupFailed(facts);
        };
    }
}

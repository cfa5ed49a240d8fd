// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Inquiry;

/** The same for everybody: {@code permit}. Thread: any (a value). */
record FixedVerdict(Verdict verdict) implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return verdict;
    }
}

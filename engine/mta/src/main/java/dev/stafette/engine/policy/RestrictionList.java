// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.table.Inquiry;
import java.util.List;

/**
 * Named checks, evaluated from the left until one decides.
 * Thread: any (it does not change).
 */
final class RestrictionList {
    /** A check and the name by which main.cf calls it. */
    record Named(String name, Restriction restriction) {}

    private final List<Named> restrictions;

    RestrictionList(List<Named> restrictions) {
        this.restrictions = List.copyOf(restrictions);
    }

    /** {@link Verdict#DUNNO} when none of them decided. */
    Verdict check(RecipientFacts facts, Inquiry inquiry) {
        for (int i = 0; i < restrictions.size(); i++) {
            Verdict verdict = restrictions.get(i).restriction().check(facts, inquiry);
            if (verdict != Verdict.DUNNO) {
                return verdict;
            }
        }
        return Verdict.DUNNO;
    }

    List<String> names() {
        return restrictions.stream().map(Named::name).toList();
    }
}

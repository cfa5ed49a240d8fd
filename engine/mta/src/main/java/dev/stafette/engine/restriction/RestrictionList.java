// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import java.util.List;

/**
 * Checks in order. The words of a restriction class stand where its name was.
 * Thread: any (it does not change).
 */
public final class RestrictionList {
    static final RestrictionList EMPTY = new RestrictionList(List.of());

    /**
     * A check at its place.
     *
     * @param name by which main.cf calls it
     * @param onlyWarns {@code warn_if_reject} stands before it, or before the class that it is of
     * @param looksForSender {@code reject_unlisted_sender}: whether it exists need not be asked behind the lists
     * @param looksForRecipient the same of the recipient
     */
    record Step(
            String name,
            Restriction restriction,
            boolean onlyWarns,
            boolean looksForSender,
            boolean looksForRecipient) {
        Step(String name, Restriction restriction, boolean onlyWarns) {
            this(
                    name,
                    restriction,
                    onlyWarns,
                    name.equals(RestrictionTable.UNLISTED_SENDER),
                    name.equals(RestrictionTable.UNLISTED_RECIPIENT));
        }
    }

    private final List<Step> steps;

    RestrictionList(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    List<Step> steps() {
        return steps;
    }
}

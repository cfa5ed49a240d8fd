// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.restriction.RestrictionList.Step;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.List;

/**
 * A DNS list that others stand right behind: those are asked with it, so that the client waits for the slowest, and not for
 * one after the other. What they say counts when it is their turn.
 * Thread: any (it does not change).
 */
record DnsListRun(DnsListCheck first, List<DnsListCheck> behind) implements Restriction {
    /** The same checks; those of a run know of each other. */
    static List<Step> together(List<Step> steps) {
        List<Step> joined = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            List<DnsListCheck> behind = refusing(steps, i + 1);
            joined.add(
                    step.restriction() instanceof DnsListCheck list && list.refuses() && !behind.isEmpty()
                            ? new Step(step.name(), new DnsListRun(list, behind), step.onlyWarns())
                            : step);
        }
        return joined;
    }

    private static List<DnsListCheck> refusing(List<Step> steps, int from) {
        List<DnsListCheck> run = new ArrayList<>();
        for (int i = from;
                i < steps.size() && steps.get(i).restriction() instanceof DnsListCheck list && list.refuses();
                i++) {
            run.add(list);
        }
        return run;
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        if (first.find(facts, inquiry).isNotYet()) {
            behind.forEach(list -> list.find(facts, inquiry));
        }
        return first.check(facts, subject, inquiry);
    }
}

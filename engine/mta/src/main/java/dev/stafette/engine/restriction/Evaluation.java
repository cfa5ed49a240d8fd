// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.restriction.RestrictionList.Step;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the lists for one command, and what it has gathered so far. What may still come of {@code defer_if_permit}
 * and {@code defer_if_reject} is carried from list to list.
 * Thread: that of the judgement.
 */
final class Evaluation {
    /** Of lists that tables name, one within the other. */
    static final int NESTING_MAX = 100;

    private static final SmtpReply TOO_DEEP =
            SmtpReply.of(451, EnhancedStatus.of(4, 3, 5), "Server configuration error");

    private final Facts facts;
    private final Inquiry inquiry;

    private @Nullable SmtpReply refusal;
    private @Nullable SmtpReply ifPermitted;
    private @Nullable SmtpReply ifRejected;
    private @Nullable List<Effect> effects;
    private boolean isDiscarded;

    Evaluation(Facts facts, Inquiry inquiry) {
        this.facts = facts;
        this.inquiry = inquiry;
    }

    /** Whether further lists have nothing to add. */
    boolean isOver() {
        return refusal != null || isDiscarded;
    }

    void walk(RestrictionStage stage, RestrictionList list) {
        walk(stage, list, false, 0);
    }

    /** True: the list that this one stands in ends, too. */
    private boolean walk(RestrictionStage stage, RestrictionList list, boolean onlyWarns, int nesting) {
        List<Step> steps = list.steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Verdict verdict = step.restriction().check(facts, stage, inquiry);
            if (verdict != Verdict.DUNNO && take(stage, verdict, onlyWarns || step.onlyWarns(), nesting)) {
                return true;
            }
        }
        return false;
    }

    private boolean take(RestrictionStage stage, Verdict verdict, boolean onlyWarns, int nesting) {
        switch (verdict.action()) {
            case DUNNO -> {
                return false;
            }
            case OK -> {
                return true;
            }
            case REJECT, DEFER -> {
                return refuse(stage, verdict, onlyWarns);
            }
            case DEFER_IF_PERMIT -> {
                if (onlyWarns) {
                    return refuse(stage, verdict, true);
                }
                ifPermitted = ifPermitted == null ? verdict.reply() : ifPermitted;
                return ifRejected != null;
            }
            case DEFER_IF_REJECT -> {
                ifRejected = ifRejected == null ? verdict.reply() : ifRejected;
                return ifPermitted != null;
            }
            case RESTRICTIONS -> {
                if (nesting == NESTING_MAX) {
                    return refuse(stage, Verdict.fault(TOO_DEEP), onlyWarns);
                }
                return walk(stage, verdict.restrictions(), onlyWarns, nesting + 1);
            }
            default -> {
                add(new Effect(stage, verdict.action(), verdict.argument(), null));
                isDiscarded |= verdict.action() == AccessAction.DISCARD;
                return verdict.endsList();
            }
        }
    }

    /** What cannot be told is never a mere warning: nobody knows what the answer would have been. */
    private boolean refuse(RestrictionStage stage, Verdict verdict, boolean onlyWarns) {
        if (onlyWarns && !verdict.isFault()) {
            add(new Effect(stage, verdict.action(), "", verdict.reply()));
            return false;
        }
        // What could not be looked up might have permitted it.
        refusal = ifRejected != null && verdict.reply().isPermanent() ? ifRejected : verdict.reply();
        return true;
    }

    private void add(Effect effect) {
        List<Effect> all = effects;
        if (all == null) {
            all = new ArrayList<>();
            effects = all;
        }
        all.add(effect);
    }

    Ruling ruling() {
        SmtpReply reply = refusal == null ? ifPermitted : refusal;
        return reply == null && effects == null
                ? Ruling.WELCOME
                : new Ruling(reply, effects == null ? List.of() : List.copyOf(effects));
    }
}

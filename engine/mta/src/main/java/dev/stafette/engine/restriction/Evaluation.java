// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.restriction.RestrictionList.Step;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the lists for one command, and what it has gathered so far. What may still come of {@code defer_if_permit}
 * is carried from list to list, and from command to command; {@code defer_if_reject} holds for a stage.
 * Thread: that of the judgement.
 */
final class Evaluation {
    /** Of lists that tables name, one within the other. */
    static final int NESTING_MAX = 100;

    /** How a list has ended. */
    private enum End {
        NOT_YET,
        PERMITTED,
        REFUSED
    }

    private final Facts facts;
    private final Inquiry inquiry;

    private @Nullable SmtpReply refusal;
    private @Nullable SmtpReply ifPermitted;
    private @Nullable SmtpReply ifRejected;
    private @Nullable List<Effect> effects;
    private boolean isDiscarded;
    private boolean hasCheckedSender;
    private boolean hasCheckedRecipient;

    /** {@code ifPermitted}: what earlier commands have left of {@code defer_if_permit}. */
    Evaluation(Facts facts, Inquiry inquiry, @Nullable SmtpReply ifPermitted) {
        this.facts = facts;
        this.inquiry = inquiry;
        this.ifPermitted = ifPermitted;
        this.isDiscarded = facts.message().isDiscarded();
    }

    boolean isRefused() {
        return refusal != null;
    }

    boolean isDiscarded() {
        return isDiscarded;
    }

    /** The lists of another command begin. */
    void beginStage() {
        ifRejected = null;
    }

    /** All lists have permitted: what was to be deferred in that case is. */
    void endLists() {
        if (refusal == null) {
            refusal = ifPermitted;
        }
    }

    void walk(Subject subject, RestrictionList list) {
        if (refusal == null) {
            walk(subject, list, false, 0);
        }
    }

    private End walk(Subject subject, RestrictionList list, boolean onlyWarns, int nesting) {
        List<Step> steps = list.steps();
        for (int i = 0; i < steps.size() && !isDiscarded; i++) {
            Step step = steps.get(i);
            boolean warns = onlyWarns || step.onlyWarns();
            Verdict verdict = step.restriction().check(facts, subject, inquiry);
            note(step, warns);
            End end = verdict == Verdict.DUNNO ? End.NOT_YET : take(subject, verdict, warns, nesting);
            if (end != End.NOT_YET) {
                return end;
            }
            if (ifPermitted != null && ifRejected != null) {
                return End.NOT_YET;
            }
        }
        return End.NOT_YET;
    }

    /** Who exists is looked up once, and need not be at the end of the lists, unless that was for a warning. */
    private void note(Step step, boolean onlyWarns) {
        if (!onlyWarns) {
            hasCheckedSender |= step.looksForSender();
            hasCheckedRecipient |= step.looksForRecipient();
        }
    }

    boolean hasChecked(Subject subject) {
        return subject == Subject.SENDER ? hasCheckedSender : hasCheckedRecipient;
    }

    private End take(Subject subject, Verdict verdict, boolean onlyWarns, int nesting) {
        List<String> complaints = verdict.complaints();
        for (int i = 0; i < complaints.size(); i++) {
            add(new Effect(AccessAction.COMPLAIN, "", complaints.get(i), null));
        }
        switch (verdict.action()) {
            case DUNNO -> {
                return End.NOT_YET;
            }
            case OK -> {
                // One that is overruled is none.
                if (!verdict.text().isEmpty() && ifPermitted == null) {
                    add(new Effect(AccessAction.PERMIT, "", verdict.text(), null));
                }
                return End.PERMITTED;
            }
            case REJECT, DEFER -> {
                return refuse(verdict, onlyWarns);
            }
            case DEFER_IF_PERMIT -> {
                if (onlyWarns) {
                    return refuse(verdict, true);
                }
                ifPermitted = ifPermitted == null ? verdict.reply() : ifPermitted;
                return End.NOT_YET;
            }
            case DEFER_IF_REJECT -> {
                ifRejected = ifRejected == null ? verdict.reply() : ifRejected;
                return End.NOT_YET;
            }
            case RESTRICTIONS -> {
                return goOn(subject, verdict.continuation(), onlyWarns, nesting);
            }
            case DISCARD -> {
                add(new Effect(verdict.action(), verdict.argument(), verdict.text(), null));
                isDiscarded = true;
                return End.PERMITTED;
            }
            default -> {
                add(new Effect(verdict.action(), verdict.argument(), verdict.text(), null));
                return End.NOT_YET;
            }
        }
    }

    private End goOn(Subject subject, Verdict.Continuation named, boolean onlyWarns, int nesting) {
        if (nesting == NESTING_MAX) {
            return take(
                    subject,
                    Verdict.serverError("access tables name each other's restrictions without an end"),
                    onlyWarns,
                    nesting);
        }
        End end = walk(named.subject(), named.list(), onlyWarns, nesting + 1);
        Verdict insteadOfOk = named.insteadOfOk();
        return end == End.PERMITTED && insteadOfOk != null && !isDiscarded
                ? take(subject, insteadOfOk, onlyWarns, nesting)
                : end;
    }

    /** What cannot be told is never a mere warning: nobody knows what the answer would have been. */
    private End refuse(Verdict verdict, boolean onlyWarns) {
        if (onlyWarns && !verdict.isFault()) {
            add(new Effect(verdict.action(), "", "", verdict.reply()));
            return End.NOT_YET;
        }
        // What could not be looked up might have permitted it.
        refusal = ifRejected != null && verdict.reply().isPermanent() ? ifRejected : verdict.reply();
        return End.REFUSED;
    }

    private void add(Effect effect) {
        List<Effect> all = effects;
        if (all == null) {
            all = new ArrayList<>();
            effects = all;
        }
        // A message is held once.
        if (effect.action() != AccessAction.HOLD || all.stream().noneMatch(one -> one.action() == AccessAction.HOLD)) {
            all.add(effect);
        }
    }

    Ruling ruling() {
        return refusal == null && ifPermitted == null && effects == null
                ? Ruling.WELCOME
                : new Ruling(refusal, ifPermitted, effects == null ? List.of() : List.copyOf(effects));
    }
}

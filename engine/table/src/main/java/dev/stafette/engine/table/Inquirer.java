// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Has judgements made on one thread that must not wait: at once where tables have their answers in memory, and else again
 * and again until no answer is missing.
 * Thread: the owner's.
 *
 * <pre>
 * PatientInquiry inquiry = inquirer.begin();
 * T found = question.apply(inquiry);
 * if (inquiry.isWaiting()) {
 *     inquirer.await(inquiry, question, answer, mistake);      // found is worth nothing
 * }
 * </pre>
 *
 * <p>The way without a slow table makes no garbage: one inquiry serves all judgements until one of them has to wait.
 */
public final class Inquirer {
    private final Executor owner;
    private final LongSupplier nanoClock;
    private final int lookupsMax;

    // Owned by the owner's thread.
    private PatientInquiry spare;

    /** {@code owner}: runs tasks on the thread of the judgements. */
    public Inquirer(Executor owner, LongSupplier nanoClock) {
        this(owner, nanoClock, PatientInquiry.LOOKUPS_MAX);
    }

    /** {@code lookupsMax}: of slow tables, for one judgement. */
    public Inquirer(Executor owner, LongSupplier nanoClock, int lookupsMax) {
        this.owner = owner;
        this.nanoClock = nanoClock;
        this.lookupsMax = lookupsMax;
        this.spare = new PatientInquiry(owner, nanoClock, lookupsMax);
    }

    /** Judges now, and again until no answer is missing; parameters as those of {@link #await}. */
    public <T> void ask(Function<Inquiry, T> question, Consumer<T> answer, Consumer<RuntimeException> mistake) {
        PatientInquiry inquiry = begin();
        T found = question.apply(inquiry);
        if (inquiry.isWaiting()) {
            await(inquiry, question, answer, mistake);
        } else {
            answer.accept(found);
        }
    }

    /** For one judgement, which ends before the next one begins, or goes on with {@link #await}. */
    public PatientInquiry begin() {
        if (!spare.isUnused()) {
            spare = new PatientInquiry(owner, nanoClock, lookupsMax);
        }
        spare.begin();
        return spare;
    }

    /**
     * Judges again when the answers are there, and again if that misses others.
     *
     * @param question without side effects
     * @param answer hears what was judged in the end
     * @param mistake hears what question or answer have thrown
     */
    public <T> void await(
            PatientInquiry inquiry,
            Function<Inquiry, T> question,
            Consumer<T> answer,
            Consumer<RuntimeException> mistake) {
        inquiry.whenAnswered(() -> judge(inquiry, question, answer, mistake));
    }

    private <T> void judge(
            PatientInquiry inquiry,
            Function<Inquiry, T> question,
            Consumer<T> answer,
            Consumer<RuntimeException> mistake) {
        try {
            inquiry.begin();
            T found = question.apply(inquiry);
            if (inquiry.isWaiting()) {
                await(inquiry, question, answer, mistake);
            } else {
                answer.accept(found);
            }
        } catch (RuntimeException e) {
            mistake.accept(e);
        }
    }
}

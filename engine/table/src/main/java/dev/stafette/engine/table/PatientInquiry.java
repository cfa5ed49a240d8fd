// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An inquiry whose judgement is made again when the answers of slow tables are there. It remembers them, so that a table
 * is asked for a key once.
 * Thread: the asker's.
 */
public final class PatientInquiry implements Inquiry {
    /** Of one judgement; an entry of the queue has many recipients with several keys each. */
    static final int LOOKUPS_MAX = 1000;

    /** After this time nothing more is asked: a client gives up five minutes after RCPT (RFC 5321 §4.5.3.2.3). */
    static final long ASKING_NS_MAX = 150_000_000_000L;

    private static final TableAnswer TOO_LATE = TableAnswer.unavailable("other lookups have taken too long");

    private final Executor owner;
    private final LongSupplier nanoClock;
    private final int lookupsMax;

    // Owned by the asker's thread.
    private @Nullable Map<Question, TableAnswer> answers;
    private @Nullable Runnable whenAnswered;
    private long sinceNs;
    private int outstandingCount;
    private boolean missed;
    private int salt;

    private record Question(SlowSource source, String key) {}

    /** {@code owner}: runs tasks on the asker's thread. */
    PatientInquiry(Executor owner, LongSupplier nanoClock, int lookupsMax) {
        this.owner = owner;
        this.nanoClock = nanoClock;
        this.lookupsMax = lookupsMax;
    }

    /** The judgement begins, or is made again. */
    void begin() {
        missed = false;
    }

    /** Nobody has been asked: it is as good as new. */
    boolean isUnused() {
        return answers == null && salt == 0;
    }

    /** What has been judged does not count: an answer was missing. */
    public boolean isWaiting() {
        return missed;
    }

    @Override
    public TableAnswer ask(SlowSource source, String key) {
        Map<Question, TableAnswer> known = answers;
        if (known == null) {
            known = new HashMap<>();
            answers = known;
            sinceNs = nanoClock.getAsLong();
        }
        Question question = new Question(source, key);
        TableAnswer answer = known.get(question);
        if (answer == null) {
            answer = start(question, known);
        }
        missed |= answer.isNotYet();
        return answer;
    }

    private TableAnswer start(Question question, Map<Question, TableAnswer> known) {
        if (known.size() >= lookupsMax) {
            return TableAnswer.unavailable("more than " + lookupsMax + " lookups for one decision");
        }
        if (nanoClock.getAsLong() - sinceNs > ASKING_NS_MAX) {
            return TOO_LATE;
        }
        known.put(question, TableAnswer.notYet());
        outstandingCount++;
        question.source.start(question.key, found -> owner.execute(() -> onAnswer(question, found, known)));
        return known.getOrDefault(question, TableAnswer.notYet());
    }

    private void onAnswer(Question question, TableAnswer found, Map<Question, TableAnswer> known) {
        known.put(question, found);
        outstandingCount--;
        runIfAnswered();
    }

    /** Once, when nothing is outstanding any more. */
    void whenAnswered(Runnable task) {
        whenAnswered = task;
        runIfAnswered();
    }

    private void runIfAnswered() {
        Runnable task = whenAnswered;
        if (task != null && outstandingCount == 0) {
            whenAnswered = null;
            task.run();
        }
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public int draw(String key) {
        while (salt == 0) {
            salt = ThreadLocalRandom.current().nextInt();
        }
        // Spread over all bits, else keys that differ in one letter would draw neighbours.
        return (key.hashCode() ^ salt) * 0x9e3779b1 >>> 1;
    }
}

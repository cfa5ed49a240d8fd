// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.concurrent.ThreadLocalRandom;

/**
 * On whose behalf tables are asked: one judgement, such as whether a recipient is welcome, or which route it gets. A
 * table that has its answer in memory takes no notice of it; one that takes its time asks it what to do.
 * Thread: that of the judgement.
 *
 * <p>A judgement is straight code without side effects. Where an inquiry does not wait, "not yet" is an answer like any
 * other that is unavailable; what has been judged with it is thrown away, and judged again when the answers are there
 * ({@link Inquirer}).
 */
public interface Inquiry {
    /** Waits in place: for commands, start-up, and threads that may block. */
    Inquiry BLOCKING = new Inquiry() {
        @Override
        public TableAnswer ask(SlowSource source, String key) {
            return source.answer(key);
        }

        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        public int draw(String key) {
            return ThreadLocalRandom.current().nextInt();
        }
    };

    /** Nobody waits, and nothing is asked for: what cannot be told at once is unavailable. */
    Inquiry AT_ONCE = new Inquiry() {
        @Override
        public TableAnswer ask(SlowSource source, String key) {
            return TableAnswer.notYet();
        }

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public int draw(String key) {
            return ThreadLocalRandom.current().nextInt();
        }
    };

    /** The source's answer, or that there is none yet. */
    TableAnswer ask(SlowSource source, String key);

    /** Whether the thread of the judgement may block. */
    boolean mayBlock();

    /** A random number, which is the same for a key as long as the judgement lasts. */
    int draw(String key);
}

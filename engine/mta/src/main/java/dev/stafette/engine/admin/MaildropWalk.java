// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * Goes over {@code maildrop/} in slices: names are looked up for many files at once, which costs the directory one
 * reading, and files are read a few at a time, so that whoever else wants a worker gets one.
 * Thread: admin.
 */
final class MaildropWalk {
    private static final int NAMES_MAX = 10_000;
    private static final int SLICE_FILES = 50;

    private final MaildropQueue maildrop;
    private final AdminAnswer answer;
    private final Step step;
    private final Runnable end;

    /** What is done with a slice; {@code next} is to be run on the admin thread when that is over. */
    interface Step {
        void run(List<String> ids, Runnable next);
    }

    MaildropWalk(MaildropQueue maildrop, AdminAnswer answer, Step step, Runnable end) {
        this.maildrop = maildrop;
        this.answer = answer;
        this.step = step;
        this.end = end;
    }

    void start() {
        look(MaildropQueue.FIRST);
    }

    private void look(String after) {
        maildrop.ids(
                after,
                NAMES_MAX,
                ids -> answer.execute(() -> {
                    if (ids.isEmpty()) {
                        end.run();
                    } else {
                        slice(ids, 0);
                    }
                }));
    }

    private void slice(List<String> ids, int from) {
        if (from == ids.size()) {
            look(ids.get(from - 1));
            return;
        }
        int to = Math.min(ids.size(), from + SLICE_FILES);
        step.run(ids.subList(from, to), () -> slice(ids, to));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Where a command puts its answer: any number of rows, then {@link #done} or {@link #fail} once.
 * Thread: admin, but for {@link #execute}. After the client has gone everything is accepted and dropped.
 */
public interface AdminAnswer {
    /** The next row. */
    void row(AnswerRow row);

    /**
     * Runs {@code next} on the admin thread once most of what was written has gone out: long answers go on from here, so
     * that a slow reader costs no memory. Dropped when the client has gone.
     */
    void whenDrained(Runnable next);

    /** Ends the answer: all went well. */
    void done();

    /** Ends the answer: the reason is for people. */
    void fail(String reason);

    /** The name of the user who asks, as the system has it; a number for one without a name. */
    String caller();

    /** Runs it on the admin thread. Thread: any. */
    void execute(Runnable task);

    /**
     * Runs it when what was written so far has had a chance to go out, at most some milliseconds later, even if the client
     * has gone: for asking again what was too busy.
     */
    void executeSoon(Runnable task);

    /** Runs it so many milliseconds later; dropped when the client has gone. */
    void executeLater(long delayMs, Runnable task);
}

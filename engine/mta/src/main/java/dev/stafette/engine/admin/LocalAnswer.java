// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.config.syntax.LocalHost;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A command that is carried out by whoever reads its answer, without a process and a socket: as far as lines are wanted.
 * Thread: the reader's, which stands for the admin thread.
 */
public final class LocalAnswer implements AdminAnswer, AnswerLines {
    private final Runnable release;
    private final Queue<String> lines = new ArrayDeque<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Runnable whenDrained;
    private boolean ended;
    private String reason = "";

    /** {@code release}: runs when the answer is closed. */
    public LocalAnswer(AdminCommands commands, AdminRequest request, Runnable release) {
        this.release = release;
        tasks.add(() -> commands.run(request, this));
    }

    @Override
    public @Nullable String readLine() {
        while (lines.isEmpty() && !ended) {
            Runnable next = tasks.poll();
            if (next == null) {
                next = whenDrained;
                whenDrained = null;
            }
            if (next == null) {
                throw new IllegalStateException("a command that neither ends nor goes on");
            }
            next.run();
        }
        return lines.poll();
    }

    @Override
    public String failure() {
        return reason;
    }

    @Override
    public void row(AnswerRow row) {
        lines.add(LineCodec.write(row));
    }

    @Override
    public void whenDrained(Runnable next) {
        whenDrained = next;
    }

    @Override
    public void done() {
        ended = true;
    }

    @Override
    public void fail(String why) {
        reason = why;
        ended = true;
    }

    @Override
    public String caller() {
        return LocalHost.userName();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeSoon(Runnable task) {
        tasks.add(task);
    }

    /** At once: nothing runs beside it that it could disturb. */
    @Override
    public void executeLater(long delayMs, Runnable task) {
        tasks.add(task);
    }

    @Override
    public void close() {
        release.run();
    }
}

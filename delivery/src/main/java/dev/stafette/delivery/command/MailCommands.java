// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.copy.MessageCopy;
import dev.stafette.delivery.identity.Identity;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs by this process, in whose name its identity can.
 * Thread: any; {@link #run} waits for the program, for its time limit at most.
 *
 * <p>The input is a file without a name: a program that reads slowly, or not at all, keeps nobody waiting but its own end.
 */
public final class MailCommands implements CommandRunner, AutoCloseable {
    /** A program that has just begun is waited for that long before its output is looked at; longer each time. */
    private static final long WAIT_MS_MIN = 1;

    private static final long WAIT_MS_MAX = 64;
    private static final long KILLED_SECONDS_MAX = 10;

    private final ProgramStart programs;
    private final OutputPipes pipes;
    private final Identity identity;
    private final Path scratch;

    /** @param scratch a directory that nobody else may write to, for files and pipes that lose their names at once */
    public MailCommands(Identity identity, Path scratch) {
        this.pipes = new OutputPipes(scratch);
        this.programs = new ProgramStart(identity);
        this.identity = identity;
        this.scratch = scratch;
    }

    @Override
    public CommandResult run(CommandOrder order, MessageBody body, long epochMs) {
        String refusal = identity.refusal(order.user());
        if (refusal != null) {
            return CommandResult.notRun(refusal);
        }
        try {
            return runEach(order, body, epochMs);
        } catch (IOException e) {
            return CommandResult.notRun("Delivery failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommandResult.notRun("Delivery failed: the mail system stops");
        }
    }

    /** The ways of the line in turn, up to the first that leads to a program. */
    private CommandResult runEach(CommandOrder order, MessageBody body, long epochMs)
            throws IOException, InterruptedException {
        List<List<String>> ways = order.line().ways();
        int way = 0;
        CommandEnding ending = runOne(order, ways.get(way), body, epochMs);
        while (ProgramStart.isMissing(ending) && way + 1 < ways.size()) {
            way++;
            ending = runOne(order, ways.get(way), body, epochMs);
        }
        @Nullable String failure = ProgramStart.failure(order, ways.get(way), ending);
        CommandEnding meant = failure == null ? ending : new CommandEnding(false, ExitMeaning.TEMPORARY, failure);
        return meant.result(order.line().label());
    }

    private CommandEnding runOne(CommandOrder order, List<String> words, MessageBody body, long epochMs)
            throws IOException, InterruptedException {
        Path input = Files.createTempFile(scratch, "command", "");
        Program program;
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(input))) {
                MessageCopy.write(body, order.rules(), order.addresses(), epochMs, out);
            }
            program = programs.start(order, words, input.toFile(), pipes.take());
        } finally {
            Files.delete(input);
        }
        try (program) {
            return await(program.process(), new CommandOutput(program.output()), order);
        }
    }

    private CommandEnding await(Process program, CommandOutput output, CommandOrder order)
            throws IOException, InterruptedException {
        long endNs = System.nanoTime() + order.timeLimit().toNanos();
        long waitMs = WAIT_MS_MIN;
        boolean isTimedOut = false;
        try {
            while (!program.waitFor(waitMs, TimeUnit.MILLISECONDS) && !isTimedOut) {
                output.drain();
                waitMs = Math.min(waitMs * 2, WAIT_MS_MAX);
                isTimedOut = System.nanoTime() - endNs > 0;
            }
        } catch (InterruptedException e) {
            kill(program, order);
            throw e;
        }
        if (isTimedOut) {
            kill(program, order);
        }
        output.drain();
        return new CommandEnding(isTimedOut, isTimedOut ? 0 : program.exitValue(), output.text());
    }

    private void kill(Process program, CommandOrder order) throws InterruptedException {
        // The thread may be one that is told to stop, and the program must be told all the same.
        boolean wasInterrupted = Thread.interrupted();
        programs.kill(program, order.user());
        program.waitFor(KILLED_SECONDS_MAX, TimeUnit.SECONDS);
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        pipes.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts programs, each in a session of its own, so that it can be killed with all that it has started.
 * Thread: any.
 *
 * <p>Between Java and the program stand small programs that each do one thing and become the next, since Java can do none of
 * it: the account's ids (in which the directory is entered, too), the directory, the session.
 */
final class ProgramStart {
    private static final int NOT_ENTERED = 125;
    private static final int NOT_EXECUTED = 126;
    private static final int NOT_FOUND = 127;
    private static final String IN_DIRECTORY = "env";

    /** Of what stands in front of the program. */
    private static final Map<String, String> OWN_ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    private static final String IN_SESSION = "setsid";
    private static final long KILL_SECONDS_MAX = 10;

    private final Identity identity;

    ProgramStart(Identity identity) {
        this.identity = identity;
    }

    /** With Java's own pipes for input and output, errors among the latter. */
    Process startToTalk(CommandOrder order) throws IOException {
        return builder(order, order.line().ways().get(0)).start();
    }

    /**
     * @param words the program and its arguments
     * @param pipe for what it says
     */
    Program start(CommandOrder order, List<String> words, File input, Path pipe) throws IOException {
        // Opened for both, a pipe waits for nobody.
        RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
        try {
            FileInputStream output = new FileInputStream(pipe.toFile());
            try {
                return new Program(
                        builder(order, words)
                                .redirectInput(input)
                                .redirectOutput(pipe.toFile())
                                .start(),
                        output);
            } catch (IOException e) {
                output.close();
                throw e;
            }
        } finally {
            both.close();
            Files.delete(pipe);
        }
    }

    /**
     * The order's environment begins where the account's rights do: what is in front of that is root's, and would load the
     * libraries that LD_PRELOAD names.
     */
    private ProcessBuilder builder(CommandOrder order, List<String> words) {
        List<String> all = new ArrayList<>(identity.programWords(order.user()));
        all.addAll(List.of(IN_DIRECTORY, "-i", "-C", order.directory(), "--"));
        order.environment().forEach((name, value) -> all.add(name + '=' + value));
        all.addAll(List.of(IN_SESSION, "--"));
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(OWN_ENVIRONMENT);
        return builder;
    }

    /** There is no such program: another way may lead to one. */
    static boolean isMissing(CommandEnding ending) {
        return ending.exitValue() == NOT_FOUND && isOf(IN_SESSION, ending);
    }

    /** Why the program did not come to run, in Postfix's words; null: it did. */
    static @Nullable String failure(CommandOrder order, List<String> words, CommandEnding ending) {
        String reason =
                ending.output().substring(ending.output().lastIndexOf(": ") + 1).strip();
        if (ending.exitValue() == NOT_ENTERED && isOf(IN_DIRECTORY, ending)) {
            UserIds user = order.user();
            return order.agent() + ": fatal: cannot change directory to \"" + order.directory() + "\" for uid="
                    + user.uid() + " gid=" + user.gid() + ": " + reason + ' ';
        }
        if ((ending.exitValue() == NOT_FOUND || ending.exitValue() == NOT_EXECUTED) && isOf(IN_SESSION, ending)) {
            return order.agent() + ": fatal: execvp " + words.get(0) + ": " + reason + ' ';
        }
        return null;
    }

    private static boolean isOf(String program, CommandEnding ending) {
        return ending.output().startsWith(program + ": ");
    }

    /** With all that it has started and that has not left its session. In the name of the same account: ids are used again. */
    void kill(Process program, UserIds user) throws InterruptedException {
        List<String> all = new ArrayList<>(identity.programWords(user));
        all.addAll(List.of("sh", "-c", "kill -s KILL -- -" + program.pid()));
        try {
            Process killer = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            killer.getOutputStream().close();
            killer.waitFor(KILL_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (IOException e) {
            // The program itself can still be killed.
        }
        program.destroyForcibly();
    }
}

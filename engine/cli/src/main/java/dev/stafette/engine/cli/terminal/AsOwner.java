// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import dev.stafette.engine.config.Strangers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a command of root's once more, as the one whom the place belongs to where it would write; or refuses it, where that
 * is nobody in particular.
 * Thread: main, which waits for its end; two more copy what it reads and what it complains of.
 *
 * <p>It gets a session of its own, and pipes: whoever has that account could read and type on root's terminal if a process of
 * his had it.
 */
public final class AsOwner {
    private static final List<String> SESSION = List.of("setsid", "--wait");
    private static final List<String> NO_RIGHTS = List.of("--clear-groups", "--inh-caps=-all", "--no-new-privs", "--");
    private static final int PIECE_BYTES = 8192;

    private final Terminal terminal;
    private final String program;
    private final Strangers strangers;

    /** {@code program}: stands before messages. */
    public AsOwner(Terminal terminal, String program, Strangers strangers) {
        this.terminal = terminal;
        this.program = program;
        this.strangers = strangers;
    }

    /** Why root does not do it. */
    public static String refusal(Strangers strangers) {
        return strangers.reason() + ": root writes only where nobody else can put a link in the place of a file";
    }

    /** Returns its exit code, or {@code refused}. {@code input}: what it reads. */
    public int run(int refused, String command, List<String> words, InputStream input) {
        if (!strangers.isOne()) {
            return terminal.fatal(program, refused, refusal(strangers));
        }
        List<String> line = new ArrayList<>(SESSION);
        line.addAll(List.of("setpriv", "--reuid=" + strangers.userId(), "--regid=" + strangers.groupId()));
        line.addAll(NO_RIGHTS);
        line.add(Launcher.directory().resolve(command).toString());
        line.addAll(words);
        try {
            Process process = new ProcessBuilder(line).start();
            copy("owner-input", input, process.getOutputStream(), process.getOutputStream()::close);
            Thread errors = copy("owner-errors", process.getErrorStream(), terminal.err(), () -> {});
            process.getInputStream().transferTo(terminal.out());
            errors.join();
            return process.waitFor();
        } catch (IOException e) {
            return terminal.fatal(
                    program,
                    refused,
                    strangers.reason() + ", and root cannot do it as that user (expected: setsid and setpriv of"
                            + " util-linux): " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused;
        }
    }

    /** For a command that ended badly: root may not have seen that it was not root who failed. */
    public void explain() {
        if (strangers.isOne()) {
            terminal.warn(program, "this was done as user " + strangers.userName() + ": " + strangers.reason());
        }
    }

    /** What is done when all has been copied. */
    private interface End {
        public void run() throws IOException;
    }

    /** Nobody waits for an input that does not end. */
    private static Thread copy(String name, InputStream from, OutputStream to, End end) {
        Thread thread = new Thread(
                () -> {
                    byte[] piece = new byte[PIECE_BYTES];
                    try {
                        for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
                            to.write(piece, 0, count);
                            to.flush();
                        }
                        end.run();
                    } catch (IOException e) {
                        // Whoever reads has ended, and says why by its exit code.
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

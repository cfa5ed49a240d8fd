// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Strangers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code postfix stop}: asks the process to end, waits until it has, and makes it end when it does not.
 * Thread: main.
 */
final class InstanceStop {
    private static final int SECONDS_MAX = 10;
    private static final int POLL_MS = 50;

    private final Terminal terminal;
    private final QueueDirectory directory;

    InstanceStop(Terminal terminal, QueueDirectory directory) {
        this.terminal = terminal;
        this.directory = directory;
    }

    int run() throws IOException {
        @Nullable ProcessHandle process;
        try (AdminClient client = AdminClient.connect(directory.adminSocket())) {
            process = process();
            terminal.say(PostfixCommand.NAME, "stopping the Postfix mail system");
            askToStop(client);
        }
        if (process == null || ends(process)) {
            return ExitCode.OK;
        }
        terminal.warn(PostfixCommand.NAME, "stopping the Postfix mail system with force");
        process.destroyForcibly();
        return ExitCode.OK;
    }

    private static void askToStop(AdminClient client) throws IOException {
        client.send(new AdminRequest.Stop());
        try {
            client.readLine();
        } catch (IOException e) {
            // It was faster than its answer, or says nothing: whether it ends is looked at next.
        }
    }

    private boolean ends(ProcessHandle process) {
        for (int i = 1; process.isAlive() && !isZombie(process); i++) {
            if (i > SECONDS_MAX * 1000 / POLL_MS) {
                return false;
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
            if (i % (1000 / POLL_MS) == 0) {
                terminal.say(PostfixCommand.NAME, "waiting for the Postfix mail system to terminate");
            }
        }
        return true;
    }

    /** Ended, but still in the table of processes: some containers' first process takes its time. */
    private static boolean isZombie(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The process whose id is in the file; null when there is none, or when it belongs to another user than the directory,
     * or for others than root than the file: whoever owns the queue directory could write any id there, or put a link there
     * to a file of somebody else, and root may be the one who stops.
     */
    private @Nullable ProcessHandle process() throws IOException {
        Path file = directory.processIdFile();
        String text = Files.readString(file).strip();
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(text));
        if (process.isEmpty()) {
            return null;
        }
        Strangers strangers = Strangers.onTheWayTo(file);
        String owner =
                strangers.exist() ? strangers.userName() : Files.getOwner(file).getName();
        return process.get().info().user().filter(owner::equals).isPresent() ? process.get() : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.AnswerLines;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.admin.StoppedMta;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;

/**
 * A question about the queue, asked of the process; where none runs, root and the owner of the queue get the answer from
 * the files, as with Postfix.
 * Thread: main.
 */
public final class QueueQuestion {
    private final Terminal terminal;
    private final String program;
    private final QueueDirectory directory;
    private final String nobody;

    /** One to which senders do not matter. */
    public QueueQuestion(Terminal terminal, String program, QueueDirectory directory) {
        this(terminal, program, directory, "");
    }

    /** {@code nobody}: what is shown for the null sender ({@code empty_address_recipient}). */
    public QueueQuestion(Terminal terminal, String program, QueueDirectory directory, String nobody) {
        this.terminal = terminal;
        this.program = program;
        this.directory = directory;
        this.nobody = nobody;
    }

    /** A way to the process. */
    private interface Way {
        AdminClient connect() throws IOException;
    }

    /**
     * For those who administer. An {@link AbsentException} says that there is neither a process nor the right to read the
     * files.
     */
    public AnswerLines ask(AdminRequest request) throws IOException {
        return ask(request, () -> AdminClient.connect(directory.adminSocket()), "");
    }

    /**
     * The same for all users, as far as main.cf lets them.
     *
     * @param whenDown said before the files are read
     */
    public AnswerLines askAsUser(AdminRequest request, String whenDown) throws IOException {
        return ask(request, () -> AdminClient.connectAsUser(directory), whenDown);
    }

    private AnswerLines ask(AdminRequest request, Way way, String whenDown) throws IOException {
        AdminClient client;
        try {
            client = way.connect();
        } catch (AbsentException e) {
            if (e.absence() != Absence.DOWN || !Caller.mayChangeQueue(directory.path())) {
                throw e;
            }
            if (!whenDown.isEmpty()) {
                terminal.warn(program, whenDown + " (" + e.getMessage() + ")");
            }
            return askFiles(request);
        }
        client.send(request);
        return client;
    }

    private AnswerLines askFiles(AdminRequest request) throws IOException {
        try {
            return StoppedMta.ask(directory.path(), nobody, request, warning -> terminal.warn(program, warning));
        } catch (StorageException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.command.Conversations;
import dev.stafette.delivery.command.MailCommands;
import dev.stafette.delivery.mailbox.AppendRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The service in this process, which is root's, and one who talks to it.
 * Thread: the test's.
 */
record TestDeputy(Path socket, MailCommands commands, DeputyServer server, Thread thread, DeputyClient client)
        implements AutoCloseable {
    /** Skips the test where nobody can be acted as. */
    static void require() throws IOException {
        Assumptions.assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root acts as others");
        Programs.require("setpriv");
    }

    /** {@code owner}: of the socket that is made in the directory. */
    static TestDeputy open(Path directory, ThreadIdentity identity, String owner) throws IOException {
        Path scratch = Files.createTempDirectory(directory, "scratch");
        Path socket = directory.resolve("socket");
        MailCommands commands = new MailCommands(identity, scratch);
        DeputyServer server = DeputyServer.open(
                socket,
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner),
                new DeputyParts(
                        identity,
                        commands,
                        new Conversations(identity),
                        new Mailboxes("h.test", AppendRecords.none()),
                        scratch,
                        new LetterMemory(1 << 16),
                        1 << 20));
        Thread thread = new Thread(server::run);
        thread.start();
        return new TestDeputy(socket, commands, server, thread, new DeputyClient(socket));
    }

    @Override
    public void close() throws IOException {
        server.close();
        commands.close();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

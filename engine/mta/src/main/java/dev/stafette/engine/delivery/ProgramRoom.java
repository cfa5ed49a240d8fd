// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.delivery.command.ConversationRunner;
import dev.stafette.delivery.command.Conversations;
import dev.stafette.delivery.command.MailCommands;
import dev.stafette.delivery.deputy.DeputyClient;
import dev.stafette.delivery.identity.OwnIdentity;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executor;

/**
 * Where programs run.
 * Thread: any; opened at start-up and closed at the end.
 */
public final class ProgramRoom implements AutoCloseable {
    /** In the queue directory. */
    private static final String SCRATCH = "scratch";

    private final ByIdentity all;
    private final Executor deliveries;

    private ProgramRoom(ByIdentity all, Executor deliveries) {
        this.all = all;
        this.deliveries = deliveries;
    }

    /**
     * @param deputy for programs of other users
     * @param deliveries whose threads may wait as long as programs do
     */
    public static ProgramRoom open(Path queueDirectory, OwnIdentity identity, DeputyClient deputy, Executor deliveries)
            throws IOException {
        Path scratch = queueDirectory.resolve(SCRATCH);
        if (!Files.isDirectory(scratch)) {
            Files.createDirectories(
                    scratch, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        // Left by a process that has been killed.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        MailCommands commands = new MailCommands(identity, scratch);
        return new ProgramRoom(new ByIdentity(identity, commands, new Conversations(identity), deputy), deliveries);
    }

    /** What this process may do itself it does itself. */
    private record ByIdentity(
            OwnIdentity identity, MailCommands commands, Conversations conversations, DeputyClient deputy)
            implements CommandRunner, ConversationRunner {
        @Override
        public CommandResult run(CommandOrder order, MessageBody body, long epochMs) {
            CommandRunner runner = identity.refusal(order.user()) == null ? commands : deputy;
            return runner.run(order, body, epochMs);
        }

        @Override
        public void converse(CommandOrder order, SocketChannel client) throws IOException {
            ConversationRunner runner = identity.refusal(order.user()) == null ? conversations : deputy;
            runner.converse(order, client);
        }
    }

    public ConversationRunner conversations() {
        return all;
    }

    public CommandRunner commands() {
        return all;
    }

    Executor deliveries() {
        return deliveries;
    }

    @Override
    public void close() throws IOException {
        all.commands().close();
        all.conversations().close();
    }
}

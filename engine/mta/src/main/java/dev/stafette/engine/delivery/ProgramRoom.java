// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.delivery.command.MailCommands;
import dev.stafette.delivery.deputy.DeputyClient;
import dev.stafette.delivery.identity.OwnIdentity;
import java.io.IOException;
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

    private final MailCommands own;
    private final CommandRunner all;
    private final Executor deliveries;

    private ProgramRoom(MailCommands own, CommandRunner all, Executor deliveries) {
        this.own = own;
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
        MailCommands own = new MailCommands(identity, scratch);
        return new ProgramRoom(own, new ByIdentity(identity, own, deputy), deliveries);
    }

    /** What this process may do itself it does itself. */
    private record ByIdentity(OwnIdentity identity, CommandRunner own, CommandRunner deputy) implements CommandRunner {
        @Override
        public CommandResult run(CommandOrder order, MessageBody body, long epochMs) {
            CommandRunner runner = identity.refusal(order.user()) == null ? own : deputy;
            return runner.run(order, body, epochMs);
        }
    }

    public CommandRunner commands() {
        return all;
    }

    Executor deliveries() {
        return deliveries;
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.delivery.command.MailCommands;
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
    private final Executor deliveries;

    private ProgramRoom(MailCommands own, Executor deliveries) {
        this.own = own;
        this.deliveries = deliveries;
    }

    /** @param deliveries whose threads may wait as long as programs do */
    public static ProgramRoom open(Path queueDirectory, Executor deliveries) throws IOException {
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
        return new ProgramRoom(new MailCommands(OwnIdentity.ofThisProcess(), scratch), deliveries);
    }

    CommandRunner commands() {
        return own;
    }

    Executor deliveries() {
        return deliveries;
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}

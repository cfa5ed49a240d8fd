// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What administration keeps in the queue directory, beside the queue itself.
 * Thread: any (a value); {@link #create} start-up only.
 *
 * <pre>
 * pid/master.pid   the process id, locked while the process lives
 * public/admin     the admin socket, for owner and group
 * public/showq     for all users: the queue is shown and delivered, as far as main.cf lets them
 * private/         where others put the sockets that only this process asks: Dovecot's, policy servers'
 * </pre>
 */
public record QueueDirectory(Path path, String processIdDirectory) {
    /** The group may administer; others pass through on their way to what hands in mail, and see nothing. */
    private static final String PERMISSIONS = "rwxr-x--x";

    private static final String PRIVATE_PERMISSIONS = "rwx------";

    public Path processIdFile() {
        return path.resolve(processIdDirectory).resolve("master.pid");
    }

    public Path adminSocket() {
        return path.resolve("public").resolve("admin");
    }

    public Path userSocket() {
        return path.resolve("public").resolve("showq");
    }

    /** Makes what is missing; what is there keeps its permissions. */
    public void create() throws IOException {
        for (Path directory : new Path[] {path, path.resolve(processIdDirectory), path.resolve("public")}) {
            make(directory, PERMISSIONS);
        }
        make(path.resolve("private"), PRIVATE_PERMISSIONS);
    }

    private static void make(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        }
    }
}

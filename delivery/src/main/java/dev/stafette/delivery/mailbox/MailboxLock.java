// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A mailbox file that nobody else writes to until it is closed, for somebody who is no delivery.
 * Thread: the caller's, which waits for the locks.
 */
public final class MailboxLock implements AutoCloseable {
    private final FileLocks locks;
    private final SafeFile file;

    private MailboxLock(FileLocks locks, SafeFile file) {
        this.locks = locks;
        this.file = file;
    }

    /** Makes the file where there is none. The reason of what it throws is a whole one, with Postfix's words. */
    public static MailboxLock take(Path file, MailboxSettings settings) throws IOException {
        FileLocks locks = new FileLocks(file, settings, new FlockProgram());
        SafeFile open = null;
        boolean isTaken = false;
        try {
            locks.takeLockFile();
            open = SafeFile.open(file);
            locks.lock(open.channel());
            if (open.hasLost(file)) {
                throw new FileSystemException(file.toString(), null, "file status changed unexpectedly");
            }
            isTaken = true;
            return new MailboxLock(locks, open);
        } finally {
            if (!isTaken) {
                if (open != null) {
                    open.channel().close();
                }
                locks.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (locks) {
            file.channel().close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one mailbox file that other programs look at.
 * Thread: workers, which wait for them.
 */
final class FileLocks implements AutoCloseable {
    private static final FileAttribute<?> NOBODYS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------"));

    private static final String NOT_LOCKED = "unable to lock for exclusive access: ";

    private final Path file;
    private final Path lockFile;
    private final MailboxSettings settings;
    private final Flock flock;

    // Owned by the worker that waits.
    private boolean hasLockFile;
    private Flock.@Nullable Held heldFlock;

    FileLocks(Path file, MailboxSettings settings, Flock flock) {
        this.flock = flock;
        this.file = file;
        this.lockFile = Path.of(file + ".lock");
        this.settings = settings;
    }

    /** Before the file is opened. Throws with a whole reason, which is {@link SystemReason#BUSY} where somebody has it. */
    void takeLockFile() throws IOException {
        if (!settings.locks().contains(LockStyle.DOTLOCK)) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createFile(lockFile, NOBODYS);
                hasLockFile = true;
                return;
            } catch (FileAlreadyExistsException e) {
                if (attempt >= settings.attemptsMax()) {
                    throw new BusyMailboxException(file, notMade(e));
                }
            } catch (IOException e) {
                throw new FileSystemException(file.toString(), null, notMade(e));
            }
            removeStale();
            pause();
        }
    }

    private String notMade(IOException e) {
        return "unable to create lock file " + lockFile + ": " + SystemReason.text(e);
    }

    /** Whoever made it has died, or would have removed it. */
    private void removeStale() throws IOException {
        FileFacts facts;
        try {
            facts = FileFacts.of(lockFile);
        } catch (IOException e) {
            // It has just gone: the next try will tell.
            return;
        }
        if (System.currentTimeMillis() - facts.changedMs() > settings.stale().toMillis()) {
            try {
                Files.deleteIfExists(lockFile);
            } catch (IOException e) {
                throw new FileSystemException(file.toString(), null, notMade(e));
            }
        }
    }

    /** The system's own, of the open file; they end with it. */
    void lock(FileChannel channel) throws IOException {
        if (settings.locks().contains(LockStyle.FLOCK)) {
            retry(this::tryFlock);
        }
        if (settings.locks().contains(LockStyle.FCNTL)) {
            retry(() -> tryFcntl(channel));
        }
    }

    private void retry(Attempt attempt) throws IOException {
        for (int i = 1; !attempt.succeeds(); i++) {
            if (i >= settings.attemptsMax()) {
                throw new BusyMailboxException(file, NOT_LOCKED + SystemReason.BUSY);
            }
            pause();
        }
    }

    private interface Attempt {
        boolean succeeds() throws IOException;
    }

    private static boolean tryFcntl(FileChannel channel) throws IOException {
        try {
            // What Java calls a file lock is fcntl(2) on Linux.
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // This process has it, for another mailbox that is the same file.
            return false;
        }
    }

    private boolean tryFlock() throws IOException {
        heldFlock = flock.tryLock(file);
        return heldFlock != null;
    }

    /** As Postfix, so that two who wait for one lock do not keep step. */
    private void pause() {
        long delayNs = settings.delay().toNanos();
        LockSupport.parkNanos(delayNs / 2 + ThreadLocalRandom.current().nextLong(delayNs + 1));
    }

    @Override
    public void close() throws IOException {
        Flock.Held held = heldFlock;
        heldFlock = null;
        if (held != null) {
            held.close();
        }
        if (hasLockFile) {
            hasLockFile = false;
            Files.deleteIfExists(lockFile);
        }
    }

    /** Somebody else has the mailbox. */
    static final class BusyMailboxException extends FileSystemException {
        private static final long serialVersionUID = 1;

        BusyMailboxException(Path file, String reason) {
            super(file.toString(), null, reason);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.config.Strangers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a mailbox file that other programs look at, all of those that are asked for: a file {@code NAME.lock} beside
 * it, a lock by fcntl(2), one by flock(2).
 * Thread: main, which waits for them.
 */
final class MailboxLock implements AutoCloseable {
    private enum Style {
        DOTLOCK,
        FCNTL,
        FLOCK
    }

    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** As Postfix, which takes no link for a mailbox. */
    private static final Set<OpenOption> HOW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path file;
    private final Path lockFile;
    private final int attemptsMax;
    private final Duration delay;
    private final Duration stale;
    private final Set<Style> styles = EnumSet.noneOf(Style.class);
    private final ArrayDeque<AutoCloseable> held = new ArrayDeque<>();

    /** The parameters deliver_lock_attempts, deliver_lock_delay and stale_lock_time. */
    MailboxLock(Path file, int attemptsMax, Duration delay, Duration stale) {
        this.file = file;
        this.lockFile = Path.of(file + ".lock");
        this.attemptsMax = attemptsMax;
        this.delay = delay;
        this.stale = stale;
    }

    /** Words between commas or white space; returns the first that is no style, or null. */
    @Nullable
    String addStyles(String words) {
        for (String word : words.split("[,\\s]+")) {
            try {
                styles.add(Style.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                return word;
            }
        }
        return null;
    }

    /** Returns why it cannot be had, or null. */
    @Nullable
    String tryTake() throws IOException {
        // In the directory itself others may write: what is made there is new, and no link is followed.
        Path directory = file.toAbsolutePath().getParent();
        Strangers strangers = directory == null ? Strangers.NONE : Strangers.onTheWayTo(directory);
        if (strangers.exist()) {
            return AsOwner.refusal(strangers);
        }
        for (Style style : styles) {
            String why = null;
            for (int i = 0; i < attemptsMax; i++) {
                if (i > 0) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                why = tryTake(style);
                if (why == null) {
                    break;
                }
            }
            if (why != null) {
                return why;
            }
        }
        return null;
    }

    private @Nullable String tryTake(Style style) throws IOException {
        return switch (style) {
            case DOTLOCK -> tryLockFile();
            case FCNTL -> tryFcntl();
            case FLOCK -> tryFlock();
        };
    }

    private @Nullable String tryLockFile() {
        String failed = "unable to create lock file " + lockFile + ": ";
        try {
            Files.createFile(
                    lockFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
            held.push(() -> Files.deleteIfExists(lockFile));
            return null;
        } catch (FileAlreadyExistsException e) {
            removeStale();
            return failed + "File exists";
        } catch (NoSuchFileException e) {
            return failed + "No such file or directory";
        } catch (IOException e) {
            return failed + e.getMessage();
        }
    }

    /** Whoever made it has died, or would have removed it. */
    private void removeStale() {
        try {
            long ageMs = System.currentTimeMillis()
                    - Files.getLastModifiedTime(lockFile).toMillis();
            if (ageMs > stale.toMillis()) {
                Files.deleteIfExists(lockFile);
            }
        } catch (IOException e) {
            // It has just gone: the next try will tell.
            return;
        }
    }

    private @Nullable String tryFcntl() throws IOException {
        // What Java calls a file lock is fcntl(2) on Linux.
        FileChannel channel = FileChannel.open(file, HOW, OWN);
        try {
            if (channel.tryLock() != null) {
                held.push(channel);
                return null;
            }
        } catch (OverlappingFileLockException e) {
            // Not ours: this process takes it once.
            throw new IOException(e);
        }
        channel.close();
        return "unable to lock for exclusive access: Resource temporarily unavailable";
    }

    /** Java has no flock(2), but util-linux has a program, which holds the lock as long as its input is open. */
    private @Nullable String tryFlock() throws IOException {
        // The program itself would make the file that a link leads to.
        try {
            Files.createFile(file, OWN);
        } catch (FileAlreadyExistsException e) {
            // As it should be.
        }
        String holding = "exec 3<\"$1\" && flock -n 3 && echo && exec cat >/dev/null";
        Process holder = new ProcessBuilder("sh", "-c", holding, "-", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (holder.getInputStream().read() == '\n') {
            held.push(() -> {
                holder.getOutputStream().close();
                holder.onExit().join();
            });
            return null;
        }
        holder.destroy();
        return "unable to lock for exclusive access: Resource temporarily unavailable";
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable lock = held.poll(); lock != null; lock = held.poll()) {
            try {
                lock.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}

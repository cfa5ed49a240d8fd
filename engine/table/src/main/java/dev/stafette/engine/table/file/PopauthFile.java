// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients that have logged in elsewhere, and until when each counts: a file in cdb format, in which an address has the
 * second of its end (since 1970).
 * Thread: the one that calls; two processes that change it wait for each other.
 *
 * <p>Each change writes another file beside it, which gets the name when it is on the disk: who reads sees the one or the
 * other, also after a crash. The lock is a file of its own that stays, so that users who have nothing in common but the
 * directory can take turns.
 */
public final class PopauthFile {
    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<PosixFilePermission> SHARED = PosixFilePermissions.fromString("rw-rw----");
    private static final Set<PosixFilePermission> PLAIN = PosixFilePermissions.fromString("rw-r--r--");

    private final Path file;

    public PopauthFile(Path file) {
        this.file = file;
    }

    /** What may be done to the addresses and their ends, in seconds; those that are over are not there. */
    public interface Change {
        /** Returns whether anything is different now. */
        boolean apply(Map<String, Long> ends);
    }

    /** Those that count at {@code nowS}, by address. Empty as long as nobody has made the file. */
    public Map<String, Long> read(long nowS) throws IOException {
        Map<String, Long> ends = new TreeMap<>();
        CdbFile rows = open(file);
        if (rows != null) {
            rows.forEach((address, end) -> {
                if (endS(end) > nowS) {
                    ends.put(address, endS(end));
                }
            });
        }
        return ends;
    }

    static @Nullable CdbFile open(Path file) throws IOException {
        try {
            return CdbFile.open(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** What is no number is over: nobody gets in by a file of another kind. */
    static long endS(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Long.MIN_VALUE;
        }
    }

    /**
     * Returns what the change does. On the disk when it returns. Of more than {@code sizeMax} addresses those that would end
     * first make room.
     */
    public boolean change(long nowS, int sizeMax, Change change) throws IOException {
        try (FileChannel lock = openLock(beside(".lock"))) {
            lock.lock();
            Map<String, Long> ends = read(nowS);
            boolean isDifferent = change.apply(ends);
            if (isDifferent) {
                ends.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue())
                        .limit(Math.max(0, ends.size() - sizeMax))
                        .map(Map.Entry::getKey)
                        .toList()
                        .forEach(ends::remove);
                write(ends);
            }
            return isDifferent;
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Whoever makes it, in whatever mode his shell has: the group of the directory may lock it. */
    private static FileChannel openLock(Path lock) throws IOException {
        try {
            FileChannel channel = FileChannel.open(lock, NEW, PosixFilePermissions.asFileAttribute(SHARED));
            Files.setPosixFilePermissions(lock, SHARED);
            return channel;
        } catch (FileAlreadyExistsException e) {
            return FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void write(Map<String, Long> ends) throws IOException {
        Path next = beside(".tmp");
        // What somebody has left who was killed.
        Files.deleteIfExists(next);
        try (CdbWriter writer = new CdbWriter(
                FileChannel.open(next, NEW, PosixFilePermissions.asFileAttribute(PLAIN)), beside(".slots"))) {
            for (Map.Entry<String, Long> end : ends.entrySet()) {
                writer.put(end.getKey(), Long.toString(end.getValue()), false);
            }
            Files.setPosixFilePermissions(next, PLAIN);
            writer.finish();
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}

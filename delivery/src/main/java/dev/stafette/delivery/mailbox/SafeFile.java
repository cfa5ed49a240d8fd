// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Opens a file to append to it that somebody else may have put there, or makes it, with Postfix's precautions: one name, no
 * link that anybody but root has made, the same file before and after.
 * Thread: workers.
 *
 * @param facts as they were when it was opened
 * @param isNew nobody had made it
 */
record SafeFile(FileChannel channel, FileFacts facts, boolean isNew) {
    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<OpenOption> FOLLOWING = Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private static final Set<OpenOption> EXISTING =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);

    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.CREATE_NEW);

    /** The reason of what it throws is a whole one, with Postfix's words. */
    static SafeFile open(Path file) throws IOException {
        try {
            return openExisting(file);
        } catch (NoSuchFileException e) {
            try {
                return create(file);
            } catch (FileAlreadyExistsException other) {
                return openAgain(file);
            }
        }
    }

    private static SafeFile openAgain(Path file) throws IOException {
        try {
            return openExisting(file);
        } catch (NoSuchFileException e) {
            throw refused(file, "cannot open file: " + SystemReason.text(e));
        }
    }

    private static SafeFile openExisting(Path file) throws IOException {
        FileFacts before = FileFacts.ofLink(file);
        if (before.isLink()) {
            return openByLink(file, before);
        }
        checkOpenable(file, before);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, EXISTING);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw refused(file, "cannot open file: " + SystemReason.text(e));
        }
        FileFacts after = FileFacts.ofLink(file);
        String why = after.linkCount() != 1
                ? "file has " + after.linkCount() + " hard links"
                : after.isSameFile(before) ? "" : "file status changed unexpectedly";
        if (!why.isEmpty()) {
            channel.close();
            throw refused(file, why);
        }
        return new SafeFile(channel, after, false);
    }

    private static void checkOpenable(Path file, FileFacts facts) throws IOException {
        if (facts.isDirectory()) {
            throw refused(file, "cannot open file: Is a directory");
        }
        if (facts.isMeetingPoint()) {
            throw refused(file, "cannot open file: No such device or address");
        }
    }

    /** Only root's, and only in a directory where nobody else can make one. */
    private static SafeFile openByLink(Path file, FileFacts link) throws IOException {
        FileFacts target = FileFacts.of(file);
        checkOpenable(file, target);
        if (target.linkCount() != 1) {
            throw refused(file, "file has " + target.linkCount() + " hard links");
        }
        Path directory = file.getParent();
        FileFacts parent = directory == null ? null : FileFacts.of(directory);
        boolean isRoots = link.uid() == 0
                && parent != null
                && parent.uid() == 0
                && !parent.isWritableByGroup()
                && !parent.isWritableByOthers();
        if (!isRoots) {
            throw refused(file, "file is a symbolic link");
        }
        try {
            return new SafeFile(FileChannel.open(file, FOLLOWING), target, false);
        } catch (IOException e) {
            throw refused(file, "cannot open file: " + SystemReason.text(e));
        }
    }

    private static SafeFile create(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, NEW, OWN);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            throw refused(file, "cannot create file exclusively: " + SystemReason.text(e));
        }
        return new SafeFile(channel, FileFacts.ofLink(file), true);
    }

    private static FileSystemException refused(Path file, String reason) {
        return new FileSystemException(file.toString(), null, reason);
    }

    /** What has been written, and of a new file its name. */
    void sync(Path file) throws IOException {
        channel.force(isNew);
        Path directory = file.getParent();
        if (isNew && directory != null) {
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            } catch (AccessDeniedException e) {
                // A spool need not let its users read it: then it is as with Postfix, which syncs the file alone.
                return;
            }
        }
    }

    /** Somebody has taken its name away while it was being locked, or given it another. */
    boolean hasLost(Path file) {
        try {
            FileFacts now = FileFacts.of(file);
            return now.linkCount() != 1 || now.inode() != facts.inode() || now.device() != facts.device();
        } catch (IOException e) {
            return true;
        }
    }
}

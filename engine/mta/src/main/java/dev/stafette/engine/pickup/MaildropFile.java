// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.engine.config.syntax.OpenedFile;
import dev.stafette.storage.format.QueueId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message that is being written into {@code maildrop/}.
 * Thread: the command's; it waits for the disk.
 *
 * <p>The mode is the state, as with Postfix: 0600 while it is written, and nobody looks at it; executable for its owner
 * when it is whole. Only then comes the sync, and what was torn by a crash before it lacks the last record.
 */
public final class MaildropFile implements Handover {
    private static final int NAME_TRIES_MAX = 100;

    /** For a directory whose group is the mail system's. */
    private static final int MODE_GROUP_READS = 0740;

    /** For a directory that others cannot look into. */
    private static final int MODE_ALL_READ = 0744;

    private static final int SET_GROUP_BIT = 02000;
    private static final int OTHERS_WRITE_BIT = 2;

    private final Maildrop maildrop;
    private final Directory directory;
    private final String id;
    private final OpenedFile file;
    private final RecordWriter records;
    private boolean committed;

    private MaildropFile(Maildrop maildrop, Directory directory, String id, OpenedFile file, long bytesMax) {
        this.maildrop = maildrop;
        this.directory = directory;
        this.id = id;
        this.file = file;
        this.records = new RecordWriter(file.channel(), bytesMax);
    }

    /** {@code bytesMax}: message_size_limit, 0 for none. */
    public static MaildropFile create(Maildrop maildrop, long nowMs, long bytesMax) throws IOException {
        Directory directory = Directory.of(maildrop);
        try {
            return create(maildrop, directory, nowMs, bytesMax);
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    private static MaildropFile create(Maildrop maildrop, Directory directory, long nowMs, long bytesMax)
            throws IOException {
        int node = (int) (ProcessHandle.current().pid() & QueueId.NODE_MAX);
        QueueId.Source ids = new QueueId.Source(node, QueueId.NONE);
        for (int i = 0; ; i++) {
            String id = QueueId.format(ids.next(nowMs * 1000));
            try {
                OpenedFile file = OpenedFile.open(
                        directory.path().resolve(id),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                MaildropFile made = new MaildropFile(maildrop, directory, id, file, bytesMax);
                made.records.put(SubmissionRecord.TIME, nowMs / 1000 + " " + nowMs % 1000 * 1000);
                return made;
            } catch (FileAlreadyExistsException e) {
                if (i == NAME_TRIES_MAX) {
                    throw e;
                }
            }
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public RecordWriter records() {
        return records;
    }

    /** Wakes the pickup service, too; it does not matter whether that hears. */
    @Override
    public void commit() throws IOException {
        records.flush();
        Files.setAttribute(file.path(), "unix:mode", groupIsInherited() ? MODE_GROUP_READS : MODE_ALL_READ);
        file.channel().force(true);
        directory.force();
        committed = true;
        maildrop.wake();
    }

    /** Files in it are of the group of the directory, and strangers may pass through it. */
    private boolean groupIsInherited() throws IOException {
        int mode = (Integer) Files.getAttribute(directory.path(), "unix:mode");
        return (mode & SET_GROUP_BIT) != 0 && (mode & OTHERS_WRITE_BIT) != 0;
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            file.close();
            if (!committed) {
                Files.deleteIfExists(directory.path().resolve(id));
            }
        }
    }

    /** {@code maildrop/}, which root holds on to. */
    private record Directory(Path path, @Nullable OpenedFile held) implements AutoCloseable {
        static Directory of(Maildrop maildrop) throws IOException {
            OpenedFile held = maildrop.openForRoot();
            return new Directory(held == null ? maildrop.directory() : held.path(), held);
        }

        /** The names in it are on disk, as far as the caller may ask for that: it takes the right to read the directory. */
        void force() throws IOException {
            if (Files.isReadable(path)) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (held != null) {
                held.close();
            }
        }
    }
}

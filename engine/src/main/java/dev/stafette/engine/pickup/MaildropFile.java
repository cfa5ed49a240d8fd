// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.storage.QueueId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

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

    private final Maildrop maildrop;
    private final String id;
    private final FileChannel channel;
    private final RecordWriter records;
    private boolean committed;

    private MaildropFile(Maildrop maildrop, String id, FileChannel channel, long bytesMax) {
        this.maildrop = maildrop;
        this.id = id;
        this.channel = channel;
        this.records = new RecordWriter(channel, bytesMax);
    }

    /** {@code bytesMax}: message_size_limit, 0 for none. */
    public static MaildropFile create(Maildrop maildrop, long nowMs, long bytesMax) throws IOException {
        int node = (int) (ProcessHandle.current().pid() & QueueId.NODE_MAX);
        QueueId.Source ids = new QueueId.Source(node, QueueId.NONE);
        for (int i = 0; ; i++) {
            String id = QueueId.format(ids.next(nowMs * 1000));
            try {
                FileChannel channel = FileChannel.open(
                        maildrop.directory().resolve(id),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                MaildropFile made = new MaildropFile(maildrop, id, channel, bytesMax);
                made.records.put(RecordType.TIME, nowMs / 1000 + " " + nowMs % 1000 * 1000);
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
        Files.setAttribute(path(), "unix:mode", maildrop.groupIsInherited() ? MODE_GROUP_READS : MODE_ALL_READ);
        channel.force(true);
        maildrop.force();
        committed = true;
        maildrop.wake();
    }

    private Path path() {
        return maildrop.directory().resolve(id);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(path());
        }
    }
}

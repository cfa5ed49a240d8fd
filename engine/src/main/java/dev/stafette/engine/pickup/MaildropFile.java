// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.storage.QueueId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
public final class MaildropFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int NAME_TRIES_MAX = 100;

    /** For a directory whose group is the mail system's. */
    private static final int MODE_GROUP_READS = 0740;

    /** For a directory that others cannot look into. */
    private static final int MODE_ALL_READ = 0744;

    private final Maildrop maildrop;
    private final Path file;
    private final String id;
    private final FileChannel channel;
    private final long bytesMax;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long bytes;
    private boolean committed;

    private MaildropFile(Maildrop maildrop, String id, FileChannel channel, long bytesMax) {
        this.maildrop = maildrop;
        this.file = maildrop.directory().resolve(id);
        this.id = id;
        this.channel = channel;
        this.bytesMax = bytesMax;
    }

    /** {@code bytesMax}: message_size_limit, 0 for none. */
    public static MaildropFile create(Maildrop maildrop, long nowMs, long bytesMax) throws IOException {
        QueueId.Source ids = new QueueId.Source((int) (ProcessHandle.current().pid() & QueueId.NODE_MAX), QueueId.NONE);
        for (int i = 0; ; i++) {
            String id = QueueId.format(ids.next(nowMs * 1000));
            try {
                FileChannel channel = FileChannel.open(
                        maildrop.directory().resolve(id),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                MaildropFile made = new MaildropFile(maildrop, id, channel, bytesMax);
                made.put(RecordType.TIME, nowMs / 1000 + " " + nowMs % 1000 * 1000);
                return made;
            } catch (FileAlreadyExistsException e) {
                if (i == NAME_TRIES_MAX) {
                    throw e;
                }
            }
        }
    }

    public String id() {
        return id;
    }

    public void put(char type, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put(type, utf8, 0, utf8.length);
    }

    /** Beyond the size limit nothing more is written. */
    public void put(int type, byte[] from, int offset, int length) throws IOException {
        bytes += length + 2;
        if (isTooBig()) {
            return;
        }
        ensureRoom(6);
        buffer.put((byte) type);
        int rest = length;
        for (; rest > 0x7f; rest >>>= 7) {
            buffer.put((byte) (rest | 0x80));
        }
        buffer.put((byte) rest);
        int at = offset;
        for (int left = length; left > 0; ) {
            ensureRoom(1);
            int part = Math.min(left, buffer.remaining());
            buffer.put(from, at, part);
            at += part;
            left -= part;
        }
    }

    private void ensureRoom(int count) throws IOException {
        if (buffer.remaining() < count) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    public boolean isTooBig() {
        return bytesMax > 0 && bytes > bytesMax;
    }

    /** From its return on the message is the mail system's and survives a crash. */
    public void commit() throws IOException {
        flush();
        Files.setAttribute(file, "unix:mode", maildrop.groupIsInherited() ? MODE_GROUP_READS : MODE_ALL_READ);
        channel.force(true);
        maildrop.force();
        committed = true;
    }

    /** What was not committed is gone. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(file);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one process of a queue directory: a lock on the file with its id, which the system drops when the process ends,
 * however it ends.
 * Thread: start-up and shutdown.
 */
public final class MasterLock implements AutoCloseable {
    private final FileChannel channel;

    private MasterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Null when another process holds it. */
    public static @Nullable MasterLock tryTake(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        @Nullable FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return null;
        }
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid), 0);
        return new MasterLock(channel);
    }

    /** Leaves the file: its name must always mean one and the same lock. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}

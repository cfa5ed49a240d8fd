// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file that others rotate: when its name leads elsewhere, it is opened, or created, anew.
 * Thread: start-up, then log.
 */
final class LogFile implements LogOutput {
    /** Null: a stream that this process was given, which has no name that could change. */
    private final @Nullable Path path;

    private FileChannel channel;
    /** Device and inode; null where the file system has no such thing: then rotation goes unnoticed. */
    private @Nullable Object key;

    private LogFile(@Nullable Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.key = path == null ? null : keyOf(path);
    }

    /** {@code path}: as {@link LogSettings#file} has it. */
    static LogFile open(@Nullable Path path) throws IOException {
        if (path == null || path.equals(Path.of("/dev/stderr"))) {
            return new LogFile(null, new FileOutputStream(FileDescriptor.err).getChannel());
        }
        if (path.equals(Path.of("/dev/stdout"))) {
            return new LogFile(null, new FileOutputStream(FileDescriptor.out).getChannel());
        }
        return new LogFile(path, openChannel(path));
    }

    private static FileChannel openChannel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void followRotation() {
        if (path == null) {
            return;
        }
        try {
            Object now = Files.exists(path) ? keyOf(path) : null;
            if (now != null && now.equals(key)) {
                return;
            }
            FileChannel opened = openChannel(path);
            channel.close();
            channel = opened;
            key = keyOf(path);
        } catch (IOException e) {
            // The old file goes on; the next second may bring better luck.
            key = null;
        }
    }

    @Override
    public int write(ByteBuffer block) throws IOException {
        while (block.hasRemaining()) {
            channel.write(block);
        }
        return 0;
    }

    @Override
    public void close() {
        if (path == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Everything has been written; there is nobody left to tell.
            key = null;
        }
    }
}

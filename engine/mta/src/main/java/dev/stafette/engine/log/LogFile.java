// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that others rotate: when its name leads elsewhere, it is opened, or created, anew.
 * Thread: start-up, then log.
 */
public final class LogFile implements LogOutput {
    private static final String OWNER_ONLY = "rw-------";

    /** Null: a stream that this process was given, which has no name that could change. */
    private final @Nullable Path path;

    private final String permissions;
    private FileChannel channel;
    /** Device and inode; null where the file system has no such thing: then rotation goes unnoticed. */
    private @Nullable Object key;

    private LogFile(@Nullable Path path, String permissions, FileChannel channel) throws IOException {
        this.path = path;
        this.permissions = permissions;
        this.channel = channel;
        this.key = path == null ? null : keyOf(path);
    }

    /** {@code path} and {@code permissions}: as in {@link LogSettings}. */
    public static LogFile open(@Nullable Path path, String permissions) throws IOException {
        if (path == null || path.equals(Path.of("/dev/stderr"))) {
            return new LogFile(null, permissions, new FileOutputStream(FileDescriptor.err).getChannel());
        }
        if (path.equals(Path.of("/dev/stdout"))) {
            return new LogFile(null, permissions, new FileOutputStream(FileDescriptor.out).getChannel());
        }
        return new LogFile(path, permissions, append(path, permissions));
    }

    /**
     * Opens the file for writing at its end. One that is new, or empty still, gets the permissions. As root only where
     * nobody else can put something in its place.
     */
    public static FileChannel append(Path path, String permissions) throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        if (channel.size() == 0 && Files.isRegularFile(path)) {
            try {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(symbolic(permissions)));
            } catch (FileSystemException e) {
                // It is another's, who knows best.
            }
        }
        return channel;
    }

    private static String symbolic(String octal) {
        return switch (octal) {
            case "0640", "640" -> "rw-r-----";
            case "0644", "644" -> "rw-r--r--";
            default -> OWNER_ONLY;
        };
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
            FileChannel opened = append(path, permissions);
            channel.close();
            channel = opened;
            key = keyOf(path);
        } catch (IOException e) {
            // The old file goes on; the next second may bring better luck.
            key = null;
        }
    }

    /** What is in the file; 0 where that cannot be told, and of a stream. */
    public long sizeBytes() {
        try {
            return path == null ? 0 : channel.size();
        } catch (IOException e) {
            return 0;
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

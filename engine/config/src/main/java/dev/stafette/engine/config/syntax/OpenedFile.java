// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Set;

/**
 * A file or a directory that was opened. Owner and mode that are set by {@link #path} are set on that file, whatever stands
 * under its name by now; and names below the path of a directory are names in that directory, wherever it is moved.
 * Thread: the one that opened it.
 *
 * <p>Java sets owner and mode by name alone. Linux has a name for a descriptor, {@code /proc/self/fd/N}; as Java does not tell
 * N, it is the one that is new and leads to a file of the wanted name. Where there is no such directory, the file's own name
 * has to do.
 *
 * @param path for as long as the channel is open
 */
public record OpenedFile(FileChannel channel, Path path) implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int ATTEMPTS_MAX = 20;

    public static OpenedFile open(Path file, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return new OpenedFile(FileChannel.open(file, options, attributes), file);
        }
        boolean onlyOnce = options.contains(StandardOpenOption.CREATE_NEW);
        for (int attempt = 1; ; attempt++) {
            Set<Path> before = descriptorsOf(file);
            FileChannel channel = FileChannel.open(file, options, attributes);
            try {
                Set<Path> opened = descriptorsOf(file);
                opened.removeAll(before);
                if (opened.size() == 1) {
                    return new OpenedFile(channel, opened.iterator().next());
                }
                if (onlyOnce || attempt == ATTEMPTS_MAX) {
                    throw new MovedException(file);
                }
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            // Or another thread has opened or closed the same one meanwhile, as the spool does to sync its directory.
            channel.close();
        }
    }

    /** Those that lead to a file of this name. */
    private static Set<Path> descriptorsOf(Path file) throws IOException {
        Set<Path> all = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : entries) {
                if (leadsTo(file, descriptor)) {
                    all.add(descriptor);
                }
            }
        }
        return all;
    }

    private static boolean leadsTo(Path file, Path descriptor) throws IOException {
        try {
            Path target = Files.readSymbolicLink(descriptor).getFileName();
            return target != null && target.equals(file.getFileName());
        } catch (NoSuchFileException e) {
            // Another thread has just closed it.
            return false;
        }
    }

    /** By the time it was open it had another name, or none. */
    public static final class MovedException extends IOException {
        private static final long serialVersionUID = 1;

        MovedException(Path file) {
            super(file + " was moved while it was opened");
        }
    }

    public int userId() throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    public boolean isMine() throws IOException {
        return userId() == LocalHost.userId();
    }

    /** Whether it is a file of the caller's that has one name only. */
    public boolean isOnlyMine() throws IOException {
        return isMine()
                && Integer.valueOf(1).equals(Files.getAttribute(path, "unix:nlink"))
                && Files.isRegularFile(path);
    }

    /** Whether the name leads to it still. */
    public boolean isAt(Path name) throws IOException {
        try {
            return Files.isSameFile(path, name);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

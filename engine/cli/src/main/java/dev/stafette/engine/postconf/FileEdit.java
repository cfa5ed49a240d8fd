// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.OpenedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a configuration file as a whole or not at all: what is new is written beside it, made durable, and renamed.
 * Thread: main.
 *
 * <p>Whoever edits holds a lock on the file: of two who edit at once the second sees what the first has done. Mode and
 * owner stay, and a symbolic link stays one.
 */
public final class FileEdit implements AutoCloseable {
    private static final String SUFFIX = ".tmp";

    private static final String[] KEPT = {"uid", "gid", "mode"};

    private final Path file;
    private final Path temporary;
    private final OpenedFile locked;

    private FileEdit(Path file, OpenedFile locked) {
        this.file = file;
        this.temporary = file.resolveSibling(file.getFileName() + SUFFIX);
        this.locked = locked;
    }

    /** Waits for whoever else edits the file. */
    public static FileEdit begin(Path named) {
        try {
            Path file = named.toRealPath();
            OpenedFile locked = lock(file);
            while (locked == null) {
                locked = lock(file);
            }
            return new FileEdit(file, locked);
        } catch (IOException e) {
            throw new ConfigException("open " + named + " for reading: " + ConfigFile.reason(e));
        }
    }

    /** Null when the file has been replaced meanwhile, so that the lock is one of the past. */
    private static @Nullable OpenedFile lock(Path file) throws IOException {
        OpenedFile opened;
        try {
            opened = OpenedFile.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (OpenedFile.MovedException e) {
            return null;
        }
        opened.channel().lock();
        if (opened.isAt(file)) {
            return opened;
        }
        opened.close();
        return null;
    }

    /** What the file says now; a character is a byte. */
    public String text() {
        try {
            // Not by opening it once more: whoever closes that loses all locks on the file.
            ByteBuffer bytes =
                    ByteBuffer.allocate(Math.toIntExact(locked.channel().size()));
            while (bytes.hasRemaining() && locked.channel().read(bytes, bytes.position()) > 0) {
                // Until all is there.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException("read " + file + ": " + ConfigFile.reason(e));
        }
    }

    public void commit(String text) {
        try {
            write(text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                parent.force(true);
            }
        } catch (IOException e) {
            throw new ConfigException("write " + temporary + ": " + ConfigFile.reason(e));
        }
    }

    private void write(String text) throws IOException {
        // Of a command that was killed; nobody else writes it while we have the lock.
        Files.deleteIfExists(temporary);
        try (OpenedFile written = OpenedFile.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                written.channel().write(bytes);
            }
            keepOwnerAndMode(written);
            written.channel().force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private void keepOwnerAndMode(OpenedFile written) throws IOException {
        Map<String, Object> wanted = Files.readAttributes(locked.path(), "unix:uid,gid,mode");
        for (String name : KEPT) {
            Object value = wanted.get(name);
            if (value != null && !value.equals(Files.getAttribute(written.path(), "unix:" + name))) {
                Files.setAttribute(written.path(), "unix:" + name, value);
            }
        }
    }

    @Override
    public void close() {
        try {
            locked.close();
        } catch (IOException e) {
            throw new ConfigException("close " + file + ": " + ConfigFile.reason(e));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.types;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.config.syntax.OpenedFile;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.file.CdbWriter;
import dev.stafette.engine.table.file.IndexedTable;
import dev.stafette.engine.table.file.RuleSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the file of an indexed table: beside it, and under its name when it is whole.
 * Thread: the one that builds.
 *
 * <p>The file beside it always has the same name, and whoever builds has a lock on it: of two who add rows at once the
 * second sees what the first has done, and what a command leaves that was killed is used by the next one.
 */
public final class IndexBuild implements AutoCloseable {
    private static final Set<PosixFilePermission> PLAIN = PosixFilePermissions.fromString("rw-r--r--");

    private static final Set<OpenOption> HOW = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

    private final Path target;
    private final String name;
    private final Path file;
    private final OpenedFile opened;
    private final CdbWriter writer;
    private boolean isFinished;

    private IndexBuild(Path target, String name, Path file, OpenedFile opened) {
        this.target = target;
        this.name = name;
        this.file = file;
        this.opened = opened;
        this.writer = new CdbWriter(opened.channel(), Path.of(file + ".slots"));
    }

    /** Throws a ConfigException for a type without an index, and where the file cannot be made. */
    public static IndexBuild start(TableSpec spec, TableHost host) {
        String suffix = IndexedTable.suffix(spec.type());
        if (suffix == null) {
            throw new ConfigException("unsupported dictionary type: " + spec.type()
                    + (TableTypes.NAMES.contains(spec.type()) ? " does not support bulk-mode creation." : ""));
        }
        String name = spec.name() + suffix;
        Path target = host.file(name);
        Path file = beside(target);
        try {
            OpenedFile opened = lock(file);
            while (opened == null) {
                opened = lock(file);
            }
            return new IndexBuild(target, name, file, opened);
        } catch (IOException e) {
            Path directory = target.toAbsolutePath().getParent();
            String why = directory != null && Files.isDirectory(directory) && !Files.isWritable(directory)
                    ? "Permission denied"
                    : RuleSource.reason(target, e);
            throw new ConfigException("open database " + name + ": " + why);
        }
    }

    /** What a build for this file writes. */
    public static Path beside(Path target) {
        return target.resolveSibling(target.getFileName() + ".tmp");
    }

    /** Waits for whoever else builds this table. Null when he has renamed or removed the file, and it takes another. */
    private static @Nullable OpenedFile lock(Path file) throws IOException {
        OpenedFile opened;
        try {
            opened = OpenedFile.open(file, HOW, PosixFilePermissions.asFileAttribute(OWN));
        } catch (OpenedFile.MovedException e) {
            return null;
        }
        boolean isOurs = false;
        try {
            opened.channel().lock();
            if (opened.isAt(file)) {
                if (!opened.isOnlyMine()) {
                    throw new IOException(
                            file + " is in the way: it belongs to somebody else, or has another name, too");
                }
                opened.channel().truncate(0);
                Files.setPosixFilePermissions(opened.path(), OWN);
                isOurs = true;
            }
        } finally {
            if (!isOurs) {
                opened.close();
            }
        }
        return isOurs ? opened : null;
    }

    /** The file of the table's index; null for a type that has none. */
    public static @Nullable Path fileOf(TableSpec spec, TableHost host) {
        String suffix = IndexedTable.suffix(spec.type());
        if (suffix == null && !TableTypes.NAMES.contains(spec.type())) {
            throw new ConfigException("unsupported dictionary type: " + spec.type());
        }
        return suffix == null ? null : host.file(spec.name() + suffix);
    }

    /** As messages show it. */
    public String name() {
        return name;
    }

    /** Takes over the rows of the table as it is; nothing when there is none. */
    public void copy(TableSpec spec, TableHost host, Predicate<String> keys) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        try (Table table = IndexedTable.open(spec, host)) {
            ((ListedTable) table).forEach((key, value) -> {
                if (keys.test(key)) {
                    putUnchecked(key, value);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void putUnchecked(String key, String value) {
        try {
            writer.put(key, value, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns false when the key was there before: it keeps its value, unless it is replaced. */
    public boolean put(String key, String value, boolean replaces) throws IOException {
        return writer.put(key, value, replaces);
    }

    /**
     * The table holds from here on. Owner and permissions are those of {@code source}; null for those of a file that
     * anybody may read.
     */
    public void finish(@Nullable Path source) throws IOException {
        writer.finish();
        Set<PosixFilePermission> permissions = PLAIN;
        if (source != null) {
            permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(Files.getPosixFilePermissions(source));
            permissions.removeIf(permission -> permission.name().endsWith("EXECUTE"));
            inherit(source, "unix:gid");
            inherit(source, "unix:uid");
        }
        Files.setPosixFilePermissions(opened.path(), permissions);
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        isFinished = true;
        try (FileChannel directory = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Only root may give a file away; for others it is theirs, as Postfix has it. */
    private void inherit(Path source, String attribute) throws IOException {
        Object wanted = Files.getAttribute(source, attribute);
        if (LocalHost.userId() == 0 && !wanted.equals(Files.getAttribute(opened.path(), attribute))) {
            Files.setAttribute(opened.path(), attribute, wanted);
        }
    }

    /** What was not finished leaves nothing behind. The name is nobody else's as long as the file is locked. */
    @Override
    public void close() throws IOException {
        try {
            if (!isFinished) {
                Files.deleteIfExists(file);
            }
        } finally {
            writer.close();
        }
    }
}

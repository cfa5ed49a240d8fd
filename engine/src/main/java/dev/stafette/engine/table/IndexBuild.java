// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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
 */
public final class IndexBuild implements AutoCloseable {
    private static final Set<PosixFilePermission> PLAIN = PosixFilePermissions.fromString("rw-r--r--");

    private final Path target;
    private final String name;
    private final Path file;
    private final CdbWriter writer;

    private IndexBuild(Path target, String name, Path file, CdbWriter writer) {
        this.target = target;
        this.name = name;
        this.file = file;
        this.writer = writer;
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
        Path directory = target.toAbsolutePath().getParent();
        try {
            Path file = Files.createTempFile(directory, target.getFileName() + ".", ".tmp");
            return new IndexBuild(target, name, file, CdbWriter.open(file, Path.of(file + ".slots")));
        } catch (IOException e) {
            String why = directory != null && Files.isDirectory(directory) && !Files.isWritable(directory)
                    ? "Permission denied"
                    : RuleSource.reason(target, e);
            throw new ConfigException("open database " + name + ": " + why);
        }
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
        }
        Files.setPosixFilePermissions(file, permissions);
        if (source != null) {
            inherit(source, "unix:gid");
            inherit(source, "unix:uid");
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Only root may give a file away; for others it is theirs, as Postfix has it. */
    private void inherit(Path source, String attribute) throws IOException {
        Object wanted = Files.getAttribute(source, attribute);
        if (!wanted.equals(Files.getAttribute(file, attribute))
                && Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"))) {
            Files.setAttribute(file, attribute, wanted);
        }
    }

    /** What was not finished leaves nothing behind. */
    @Override
    public void close() throws IOException {
        writer.close();
        Files.deleteIfExists(file);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code hash: btree: dbm: sdbm: lmdb: cdb:}, all of which are a file in cdb format that {@code postmap} has made, under
 * the name that the type has in Postfix.
 * Thread: any.
 */
public final class IndexedTable implements ListedTable, MemoryTable {
    private static final int BERKELEY_MAGIC_OFFSET = 12;
    private static final int LMDB_MAGIC_OFFSET = 16;

    private final FileVersions<CdbFile> versions;
    private final String name;
    private final boolean folds;

    private IndexedTable(FileVersions<CdbFile> versions, String name, boolean folds) {
        this.versions = versions;
        this.name = name;
        this.folds = folds;
    }

    /** What the type puts behind the name of the source; null for a type that has no index. */
    public static @Nullable String suffix(String type) {
        return switch (type) {
            case "hash", "btree" -> ".db";
            case "dbm", "sdbm" -> ".pag";
            case "lmdb" -> ".lmdb";
            case "cdb" -> ".cdb";
            default -> null;
        };
    }

    public static Table open(TableSpec spec, TableHost host) {
        String name = spec.name() + suffix(spec.type());
        Path file = host.file(name);
        try {
            // Mapping is done at once, wherever it is asked.
            FileVersions<CdbFile> versions =
                    FileVersions.open(file, path -> read(path, name, spec), host, Runnable::run);
            return new IndexedTable(versions, spec.toString(), host.foldsKeys());
        } catch (IOException e) {
            throw RuleSource.cannotOpen("open database", name, file, e);
        }
    }

    private static CdbFile read(Path file, String name, TableSpec spec) throws IOException {
        try {
            return CdbFile.open(file);
        } catch (CdbFile.UnknownFormatException e) {
            throw new ConfigException("open database " + name + ": " + kindOf(file)
                    + " (expected: one that this mail system's postmap made; run \"postmap " + spec + "\")");
        }
    }

    /** What people bring along from Postfix. */
    private static String kindOf(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(32);
        }
        int berkeley = littleEndian(head, BERKELEY_MAGIC_OFFSET);
        if (berkeley == 0x061561 || berkeley == 0x053162) {
            return "a Berkeley DB file";
        }
        return littleEndian(head, LMDB_MAGIC_OFFSET) == 0xbeefc0de ? "an LMDB file" : "a file of another format";
    }

    private static int littleEndian(byte[] bytes, int from) {
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | (from + i < bytes.length ? bytes[from + i] & 0xff : 0);
        }
        return value;
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        try {
            String value = versions.current().find(key, folds);
            return value == null ? TableAnswer.notFound() : TableAnswer.found(value);
        } catch (InternalError | IndexOutOfBoundsException e) {
            // Somebody has cut the file instead of replacing it. For a page that is not there Java has an error, which
            // may
            // also come a little later; all that is promised for such a file is that the process lives.
            return TableAnswer.unavailable(name + ": the file was cut or is damaged");
        }
    }

    @Override
    public void forEach(RowConsumer consumer) {
        versions.current().forEach(consumer);
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}

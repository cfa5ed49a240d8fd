// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.RowSink;
import dev.stafette.engine.table.SourceLines;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code texthash:file}: the source of an indexed table, read into memory as it is.
 * Thread: any.
 */
public final class TextTable implements ListedTable, MemoryTable {
    private final FileVersions<Map<String, TableAnswer>> versions;
    private final boolean folds;

    private TextTable(FileVersions<Map<String, TableAnswer>> versions, boolean folds) {
        this.versions = versions;
        this.folds = folds;
    }

    public static Table open(TableSpec spec, TableHost host) {
        Path file = host.file(spec.name());
        boolean folds = host.foldsKeys();
        try {
            return new TextTable(
                    FileVersions.open(file, path -> read(spec.name(), path, folds, host::warn), host, host.workers()),
                    folds);
        } catch (IOException e) {
            throw RuleSource.cannotOpen("open database", spec.name(), file, e);
        }
    }

    private static Map<String, TableAnswer> read(String name, Path file, boolean folds, Consumer<String> warnings)
            throws IOException {
        Rows rows = new Rows(name, folds, warnings);
        try (SourceLines lines = new SourceLines(name, Files.newInputStream(file), warnings)) {
            SourceRows.read(name, lines, "expected format: key whitespace value -- ignoring this line", rows);
        }
        return rows.map;
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return versions.current().getOrDefault(folds ? MapLine.fold(key) : key, TableAnswer.notFound());
    }

    @Override
    public void forEach(RowConsumer consumer) {
        versions.current().forEach((key, answer) -> consumer.onRow(key, answer.value()));
    }

    @Override
    public boolean isFixedText() {
        return true;
    }

    /** The first of two rows with one key holds. */
    private static final class Rows implements RowSink {
        private final Map<String, TableAnswer> map = new HashMap<>();
        private final boolean folds;
        private final Consumer<String> warnings;
        private final String name;

        Rows(String name, boolean folds, Consumer<String> warnings) {
            this.name = name;
            this.folds = folds;
            this.warnings = warnings;
        }

        @Override
        public void onRow(String key, String value, int lineNumber) {
            String folded = folds ? MapLine.fold(key) : key;
            if (map.putIfAbsent(folded, TableAnswer.found(value)) != null) {
                warnings.accept(name + ", line " + lineNumber + ": duplicate entry: \"" + key + "\"");
            }
        }

        @Override
        public void onWarning(String text) {
            warnings.accept(text);
        }
    }
}

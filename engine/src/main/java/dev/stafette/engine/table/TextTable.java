// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code texthash:file}: the source of an indexed table, read into memory as it is.
 * Thread: any.
 */
final class TextTable implements ListedTable {
    private final FileVersions<Map<String, String>> versions;
    private final boolean folds;

    private TextTable(FileVersions<Map<String, String>> versions, boolean folds) {
        this.versions = versions;
        this.folds = folds;
    }

    static Table open(TableSpec spec, TableHost host) {
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

    private static Map<String, String> read(String name, Path file, boolean folds, Consumer<String> warnings)
            throws IOException {
        Map<String, String> map = new HashMap<>();
        try (SourceLines lines = new SourceLines(name, Files.newInputStream(file), warnings)) {
            for (@Nullable String text = lines.next(); text != null; text = lines.next()) {
                String at = name + ", line " + lines.number() + ": ";
                MapLine line;
                try {
                    line = MapLine.parse(text);
                } catch (MapLine.UnbalancedException e) {
                    warnings.accept(at + "unbalanced '\"' in '" + text + "' -- ignoring this line");
                    continue;
                }
                if (line.value().isEmpty()) {
                    warnings.accept(at + "expected format: key whitespace value -- ignoring this line");
                    continue;
                }
                if (line.isLikeAlias()) {
                    warnings.accept(at + "record is in \"key: value\" format; is this an alias file?");
                }
                String key = folds ? MapLine.fold(line.key()) : line.key();
                if (map.putIfAbsent(key, line.value()) != null) {
                    warnings.accept(at + "duplicate entry: \"" + key + "\"");
                }
            }
        }
        return map;
    }

    @Override
    public TableAnswer lookup(String key) {
        String value = versions.current().get(folds ? MapLine.fold(key) : key);
        return value == null ? TableAnswer.notFound() : TableAnswer.found(value);
    }

    @Override
    public void forEach(RowConsumer consumer) {
        versions.current().forEach(consumer::onRow);
    }

    @Override
    public boolean isImmediate() {
        return true;
    }

    @Override
    public boolean isFixedText() {
        return true;
    }

    @Override
    public void close() {
        // Memory only.
    }
}

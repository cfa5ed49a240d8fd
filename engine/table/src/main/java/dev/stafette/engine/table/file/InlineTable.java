// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.table.BraceWords;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * <code>inline:{ name=value, { name = a longer value } }</code>: rows in main.cf itself.
 * Thread: any (it does not change).
 */
public final class InlineTable implements ListedTable, MemoryTable {
    private final Map<String, TableAnswer> map;
    private final boolean folds;

    private InlineTable(Map<String, TableAnswer> map, boolean folds) {
        this.map = map;
        this.folds = folds;
    }

    public static Table open(TableSpec spec, TableHost host) {
        Map<String, TableAnswer> map = new LinkedHashMap<>();
        try {
            for (String word : BraceWords.split(BraceWords.inside(spec.name()))) {
                String pair = word.charAt(0) == '{' ? BraceWords.inside(word) : word;
                int equals = pair.indexOf('=');
                String name = LogicalLine.trim(equals < 0 ? pair : pair.substring(0, equals));
                if (equals < 0 || name.isEmpty()) {
                    throw new ConfigException(
                            equals < 0 ? "missing '=' after attribute name" : "missing attribute name");
                }
                map.put(
                        host.foldsKeys() ? MapLine.fold(name) : name,
                        TableAnswer.found(LogicalLine.trim(pair.substring(equals + 1))));
            }
        } catch (ConfigException e) {
            throw bad(spec, e.getMessage());
        }
        if (map.isEmpty()) {
            throw bad(spec, "bad syntax");
        }
        return new InlineTable(map, host.foldsKeys());
    }

    private static ConfigException bad(TableSpec spec, @Nullable String why) {
        return new ConfigException(why + ": \"" + spec + "\"; need \"" + spec.type() + ":{name=value...}\"");
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return map.getOrDefault(folds ? MapLine.fold(key) : key, TableAnswer.notFound());
    }

    @Override
    public void forEach(RowConsumer consumer) {
        map.forEach((key, answer) -> consumer.onRow(key, answer.value()));
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}

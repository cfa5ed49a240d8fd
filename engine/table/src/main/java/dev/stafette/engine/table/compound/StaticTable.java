// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.compound;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.BraceWords;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableSpec;

/**
 * {@code static:value} or <code>static:{ a longer value }</code>: the same for every key.
 * Thread: any.
 */
public final class StaticTable implements MemoryTable {
    private final TableAnswer answer;

    private StaticTable(String value) {
        this.answer = TableAnswer.found(value);
    }

    public static Table open(TableSpec spec) {
        if (!spec.isInline()) {
            return new StaticTable(spec.name());
        }
        try {
            return new StaticTable(BraceWords.inside(spec.name()));
        } catch (ConfigException e) {
            throw new ConfigException("bad static:name syntax: " + e.getMessage());
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return answer;
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.ConfigException;

/**
 * {@code static:value} or <code>static:{ a longer value }</code>: the same for every key.
 * Thread: any.
 */
final class StaticTable implements MemoryTable {
    private final TableAnswer answer;

    private StaticTable(String value) {
        this.answer = TableAnswer.found(value);
    }

    static Table open(TableSpec spec) {
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
    public TableAnswer lookup(String key) {
        return answer;
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;

/**
 * Opens the tables that lists name; the configuration itself knows no tables.
 * Thread: any.
 */
public interface ListTables {
    /** Opens nothing, and knows no key: for a look at the rest of a list. */
    ListTables UNOPENED = spec -> new MemoryTable() {
        private final TableAnswer answer = TableAnswer.unavailable("not opened");

        @Override
        public TableAnswer lookup(String key, Inquiry inquiry) {
            return answer;
        }

        @Override
        public boolean isFixedText() {
            return true;
        }
    };

    /** Throws a {@link ConfigException} for {@code type:name} that no table can be. One that is not there yet is unavailable. */
    Table open(String spec);
}

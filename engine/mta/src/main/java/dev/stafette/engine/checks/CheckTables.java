// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one kind of checks, in their order: the first that has an answer decides.
 * Thread: any (a value).
 *
 * @param name of the parameter
 */
public record CheckTables(String name, List<Table> tables) {
    public CheckTables {
        tables = List.copyOf(tables);
    }

    /** Null: there are none. */
    public static @Nullable CheckTables of(Settings settings, String name, ListTables tables) {
        List<Table> opened = settings.tables(name, tables);
        return opened.isEmpty() ? null : new CheckTables(name, opened);
    }

    public TableAnswer find(String key, Inquiry inquiry) {
        for (int i = 0; i < tables.size(); i++) {
            TableAnswer answer = tables.get(i).lookup(key, inquiry);
            if (answer.isFound() || answer.isUnavailable()) {
                return answer;
            }
        }
        return TableAnswer.notFound();
    }
}

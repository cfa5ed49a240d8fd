// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.compound;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * <code>pipemap:{type:name, ...}</code>, where what one table answers is the key of the next, and
 * <code>unionmap:{type:name, ...}</code>, where what all of them answer is joined by commas.
 * Thread: any.
 */
public final class TableChain implements Table {
    private final List<Table> tables;
    private final boolean joins;

    private TableChain(List<Table> tables, boolean joins) {
        this.tables = tables;
        this.joins = joins;
    }

    public static Table pipe(TableSpec spec, TableHost host) {
        return new TableChain(openAll(spec, host), false);
    }

    public static Table union(TableSpec spec, TableHost host) {
        return new TableChain(openAll(spec, host), true);
    }

    private static List<Table> openAll(TableSpec spec, TableHost host) {
        List<String> words = RandomTable.words(spec, "type:name...");
        for (String word : words) {
            int colon = word.indexOf(':');
            if (colon <= 0 || colon == word.length() - 1) {
                throw RandomTable.bad(spec, "type:name...");
            }
        }
        List<Table> tables = new ArrayList<>();
        try {
            for (String word : words) {
                tables.add(host.open(word));
            }
        } catch (ConfigException e) {
            tables.forEach(Table::close);
            throw e;
        }
        return tables;
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return joins ? joined(key, inquiry) : piped(key, inquiry);
    }

    private TableAnswer piped(String key, Inquiry inquiry) {
        String next = key;
        TableAnswer answer = TableAnswer.notFound();
        for (Table table : tables) {
            answer = table.lookup(next, inquiry);
            if (!answer.isFound()) {
                return answer;
            }
            next = answer.value();
        }
        return answer;
    }

    private TableAnswer joined(String key, Inquiry inquiry) {
        StringBuilder values = new StringBuilder();
        boolean found = false;
        for (Table table : tables) {
            TableAnswer answer = table.lookup(key, inquiry);
            if (answer.isUnavailable()) {
                return answer;
            }
            if (answer.isFound()) {
                values.append(found ? "," : "").append(answer.value());
                found = true;
            }
        }
        return found ? TableAnswer.found(values.toString()) : TableAnswer.notFound();
    }

    /** As the most general of them. */
    @Override
    public boolean isFixedText() {
        for (Table table : tables) {
            if (!table.isFixedText()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        tables.forEach(Table::close);
    }
}

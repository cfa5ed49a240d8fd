// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.types;

import dev.stafette.engine.match.ListTable;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.Membership;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tables that one configuration names in its lists, each opened once.
 * Thread: {@link #open} and {@link #close} by whoever has the configuration; the tables any.
 */
public final class OpenTables implements ListTables, AutoCloseable {
    private final TableHost host;

    // Owned by whoever has the configuration.
    private final Map<String, Listed> bySpec = new LinkedHashMap<>();

    public OpenTables(TableHost host) {
        this.host = host;
    }

    @Override
    public ListTable open(String spec) {
        Listed known = bySpec.get(spec);
        if (known == null) {
            known = new Listed(spec, LateTable.open(TableSpec.parse(spec), host), host);
            bySpec.put(spec, known);
        }
        return known;
    }

    /** What is still in use afterwards goes on to answer, at the cost of a connection each time. */
    @Override
    public void close() {
        bySpec.values().forEach(listed -> listed.table.close());
    }

    /** Says in the log when the table ceases to answer, and when it does again. */
    private static final class Listed implements ListTable {
        private final String spec;
        private final Table table;
        private final TableHost host;

        /** Written by whoever learns of it; two at once may both say so. */
        private volatile boolean silent;

        Listed(String spec, Table table, TableHost host) {
            this.spec = spec;
            this.table = table;
            this.host = host;
        }

        @Override
        public Membership has(String key) {
            TableAnswer answer = table.lookup(key);
            if (answer.isUnavailable()) {
                if (!silent) {
                    silent = true;
                    host.warn(spec + " lookup error for \"" + key + "\": " + answer.why());
                }
                return Membership.UNKNOWN;
            }
            if (silent) {
                silent = false;
                host.warn(spec + " answers again");
            }
            return answer.isFound() ? Membership.IN : Membership.OUT;
        }

        @Override
        public boolean isImmediate() {
            return table.isImmediate();
        }

        @Override
        public boolean isFixedText() {
            return table.isFixedText();
        }
    }
}

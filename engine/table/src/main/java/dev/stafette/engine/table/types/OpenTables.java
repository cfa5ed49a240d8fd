// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.types;

import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
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
    public Table open(String spec) {
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
        bySpec.values().forEach(listed -> listed.close());
    }

    /** Says in the log when the table ceases to answer, and when it does again; not more than once in a while. */
    private static final class Listed implements Table {
        private static final long QUIET_NS = 10_000_000_000L;

        private final String spec;
        private final Table table;
        private final TableHost host;

        /** Said so. Written by whoever learns of it; two at once may both say so. */
        private volatile boolean silent;

        // As above.
        private volatile boolean hasSpoken;
        private volatile long spokenNs;

        Listed(String spec, Table table, TableHost host) {
            this.spec = spec;
            this.table = table;
            this.host = host;
        }

        @Override
        public TableAnswer lookup(String key, Inquiry inquiry) {
            TableAnswer answer = table.lookup(key, inquiry);
            if (answer.isNotYet()) {
                return answer;
            }
            if (answer.isUnavailable()) {
                if (!silent) {
                    onSilent(key, answer.why());
                }
            } else if (silent) {
                silent = false;
                host.warn(spec + " answers again");
            }
            return answer;
        }

        /** A table with too much to do answers now and then. */
        private void onSilent(String key, String why) {
            long nowNs = host.nanoTime();
            if (!hasSpoken || nowNs - spokenNs >= QUIET_NS) {
                silent = true;
                hasSpoken = true;
                spokenNs = nowNs;
                host.warn(spec + " lookup error for \"" + key + "\": " + why);
            }
        }

        @Override
        public boolean isFixedText() {
            return table.isFixedText();
        }

        @Override
        public void close() {
            table.close();
        }
    }
}

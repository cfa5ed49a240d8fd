// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.Map;

/**
 * {@code proxy:type:name}: in Postfix another process opens the table once for all; here all are one process, so that
 * the same name simply means the same table.
 * Thread: any.
 */
public final class SharedTable implements Table {
    private final String spec;
    private final Table table;
    private final Map<String, SharedTable> shared;

    /** Guarded by {@link #shared}. */
    private int userCount;

    private SharedTable(String spec, Table table, Map<String, SharedTable> shared) {
        this.spec = spec;
        this.table = table;
        this.shared = shared;
    }

    public static Table open(TableSpec spec, TableHost host) {
        Map<String, SharedTable> shared = host.shared();
        // Opening is rare, and at start-up or in a worker.
        synchronized (shared) {
            SharedTable known = shared.get(spec.name());
            if (known == null) {
                known = new SharedTable(spec.name(), host.open(spec.name()), shared);
                shared.put(spec.name(), known);
            }
            known.userCount++;
            return known;
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return table.lookup(key, inquiry);
    }

    @Override
    public boolean isFixedText() {
        return table.isFixedText();
    }

    @Override
    public void close() {
        synchronized (shared) {
            if (--userCount == 0) {
                shared.remove(spec);
                table.close();
            }
        }
    }
}

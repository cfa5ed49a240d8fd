// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.compound;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code memory-cached:type:name}: remembers what another table said, for a while and up to a number of keys. Ours: for
 * tables that are asked over a network.
 * Thread: any.
 */
public final class CachedTable implements Table {
    private static final int KEYS_MAX = 10_000;
    private static final long FRESH_NS = 60_000_000_000L;

    private final Table table;
    private final TableHost host;

    /** Guarded by itself, for a map operation at a time. */
    private final Map<String, Kept> entries = new Entries();

    private record Kept(TableAnswer answer, long expiryNs) {}

    /** Forgets the key that was asked for longest ago. */
    private static final class Entries extends LinkedHashMap<String, Kept> {
        private static final long serialVersionUID = 1;

        Entries() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > KEYS_MAX;
        }
    }

    public CachedTable(Table table, TableHost host) {
        this.table = table;
        this.host = host;
    }

    public static Table open(TableSpec spec, TableHost host) {
        return new CachedTable(host.open(spec.name()), host);
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        long nowNs = host.nanoTime();
        synchronized (entries) {
            Kept kept = entries.get(key);
            if (kept != null && kept.expiryNs() - nowNs > 0) {
                return kept.answer();
            }
        }
        TableAnswer answer = table.lookup(key, inquiry);
        // That it does not answer is asked again each time.
        if (!answer.isUnavailable()) {
            synchronized (entries) {
                entries.put(key, new Kept(answer, nowNs + FRESH_NS));
            }
        }
        return answer;
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

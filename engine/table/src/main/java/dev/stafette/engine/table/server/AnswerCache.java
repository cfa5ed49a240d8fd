// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.TableAnswer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the last seconds, found and not found, for a table that is slow to ask. A failure is never kept.
 * Thread: any.
 *
 * <p>Two halves: when the young one is full it becomes the old one, and what was old is forgotten. That bounds the cache
 * without order to keep and without locks; racing threads may lose an entry, which costs a query.
 */
public final class AnswerCache {
    private final long ttlNs;
    private final int halfMax;

    // Written by whoever fills the young half, read by all lookups.
    private volatile Halves halves = new Halves(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    private record Kept(TableAnswer answer, long sinceNs) {}

    private record Halves(ConcurrentMap<String, Kept> young, ConcurrentMap<String, Kept> old) {}

    /** {@code ttlNs} 0: keeps nothing. */
    AnswerCache(long ttlNs, int entriesMax) {
        this.ttlNs = ttlNs;
        this.halfMax = Math.max(1, entriesMax / 2);
    }

    /** {@code cache_ttl} and {@code cache_entries}, ours: off unless the postmaster asks for it, so that a change is seen at once. */
    public static AnswerCache read(TableParameters parameters) {
        return new AnswerCache(
                parameters.timeMs("cache_ttl", 0, 0) * 1_000_000, parameters.count("cache_entries", 1000, 2));
    }

    @Nullable
    public TableAnswer find(String key, long nowNs) {
        if (ttlNs == 0) {
            return null;
        }
        Halves current = halves;
        Kept kept = current.young.get(key);
        kept = kept == null ? current.old.get(key) : kept;
        return kept == null || nowNs - kept.sinceNs >= ttlNs ? null : kept.answer;
    }

    public void keep(String key, TableAnswer answer, long nowNs) {
        if (ttlNs == 0 || answer.isUnavailable()) {
            return;
        }
        Halves current = halves;
        if (current.young.size() >= halfMax) {
            current = new Halves(new ConcurrentHashMap<>(), current.young);
            halves = current;
        }
        current.young.put(key, new Kept(answer, nowNs));
    }
}

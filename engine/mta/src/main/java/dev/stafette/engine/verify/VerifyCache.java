// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of addresses, up to a number of them. Beyond it the oldest of what was not deliverable makes room, so that a
 * flood of names that do not exist leaves those that do.
 * Thread: its owner's.
 */
final class VerifyCache {
    private final Consumer<String> changed;

    // In the order in which they were written.
    private final LinkedHashMap<String, CacheEntry> deliverable = new LinkedHashMap<>();
    private final LinkedHashMap<String, CacheEntry> others = new LinkedHashMap<>();

    /** An address with what is known of it. */
    record Line(String address, CacheEntry entry) {}

    /** {@code changed}: hears the addresses of which something else is known, or nothing any more. */
    VerifyCache(Consumer<String> changed) {
        this.changed = changed;
    }

    @Nullable
    CacheEntry find(String address) {
        CacheEntry entry = deliverable.get(address);
        return entry == null ? others.get(address) : entry;
    }

    int size() {
        return deliverable.size() + others.size();
    }

    void put(String address, CacheEntry entry, int entriesMax) {
        boolean isDeliverable = entry.status() == AddressStatus.DELIVERABLE;
        deliverable.remove(address);
        others.remove(address);
        while (size() >= entriesMax) {
            dropOldest();
        }
        (isDeliverable ? deliverable : others).put(address, entry);
        changed.accept(address);
    }

    private void dropOldest() {
        Iterator<String> oldest =
                (others.isEmpty() ? deliverable : others).keySet().iterator();
        String address = oldest.next();
        oldest.remove();
        changed.accept(address);
    }

    void remove(String address) {
        if (deliverable.remove(address) != null || others.remove(address) != null) {
            changed.accept(address);
        }
    }

    /** Returns how many have gone. */
    int dropExpired(LifeTimes times, long nowS) {
        return dropExpired(deliverable, times, nowS) + dropExpired(others, times, nowS);
    }

    private int dropExpired(Map<String, CacheEntry> entries, LifeTimes times, long nowS) {
        int dropped = 0;
        Iterator<Map.Entry<String, CacheEntry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, CacheEntry> one = all.next();
            if (times.isExpired(one.getValue(), nowS)) {
                all.remove();
                changed.accept(one.getKey());
                dropped++;
            }
        }
        return dropped;
    }

    /** All of them, as they are now. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>(size());
        deliverable.forEach((address, entry) -> lines.add(new Line(address, entry)));
        others.forEach((address, entry) -> lines.add(new Line(address, entry)));
        return lines;
    }
}

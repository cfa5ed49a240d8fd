// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Lets one thread do at once what several have come for: all that came for one thing while the turn before was under way.
 * Thread: workers, which wait for their turn here.
 *
 * <p>One turn at a time for one key, which is also how two threads of this process keep out of each other's mailbox: the locks of
 * files are the process's.
 */
final class Gathering<K, T> {
    private final ConcurrentHashMap<K, Place<T>> places = new ConcurrentHashMap<>();

    private static final class Place<T> {
        final Semaphore turn = new Semaphore(1);

        // Changed within a computation of the map alone.
        List<Entry<T>> waiting = new ArrayList<>();
        int userCount;
    }

    private static final class Entry<T> {
        final T item;

        // Changed by whoever has the turn, and read by whoever has it later.
        boolean isDone;

        Entry(T item) {
            this.item = item;
        }
    }

    /** Returns when the turn of the items, which have one together, has ended, whoever did the work. */
    void run(K key, List<T> items, Consumer<List<T>> work) {
        List<Entry<T>> entries = items.stream().map(Entry::new).toList();
        Place<T> place = places.compute(key, (unused, known) -> {
            Place<T> at = known == null ? new Place<>() : known;
            at.waiting.addAll(entries);
            at.userCount++;
            return at;
        });
        place.turn.acquireUninterruptibly();
        try {
            if (!entries.get(0).isDone) {
                runAll(key, place, work);
            }
        } finally {
            place.turn.release();
            places.compute(key, (unused, known) -> --place.userCount == 0 ? null : place);
        }
    }

    private void runAll(K key, Place<T> place, Consumer<List<T>> work) {
        List<Entry<T>> taken = new ArrayList<>();
        places.compute(key, (unused, known) -> {
            taken.addAll(place.waiting);
            place.waiting = new ArrayList<>();
            return place;
        });
        try {
            work.accept(taken.stream().map(one -> one.item).toList());
        } finally {
            taken.forEach(one -> one.isDone = true);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of one table that blocks, on threads of its own: whoever asks for a key that is being looked up shares the
 * answer, too many are refused, and none is waited for longer than its time.
 * Thread: any.
 */
public final class SharedLookups implements SlowSource {
    /** As many as a table has connections. */
    public static final int THREADS_MAX = 8;

    /** Of different keys. Beyond that the server cannot catch up, and mail comes again. */
    public static final int WAITING_MAX = 1000;

    /** With the time in the queue; longer than the longest time limit of a table. */
    public static final long DEADLINE_MS = 120_000;

    private final String name;
    private final Function<String, TableAnswer> blocking;
    private final LookupClock clock;
    private final TableThreads threads;
    private final long deadlineMs;
    private final ConcurrentMap<String, Flight> flights = new ConcurrentHashMap<>();

    /** {@code blocking}: asks for a key, and waits for the answer. */
    public SharedLookups(String name, Function<String, TableAnswer> blocking, TableHost host) {
        this(name, blocking, host.lookupClock(), THREADS_MAX, WAITING_MAX, DEADLINE_MS);
    }

    SharedLookups(
            String name,
            Function<String, TableAnswer> blocking,
            LookupClock clock,
            int threadsMax,
            int waitingMax,
            long deadlineMs) {
        this.name = name;
        this.blocking = blocking;
        this.clock = clock;
        this.threads = new TableThreads(name, threadsMax, waitingMax);
        this.deadlineMs = deadlineMs;
    }

    /** A key that is being looked up. Who takes it out of the map tells those who wait, so that they hear once. */
    private final class Flight implements Runnable {
        private final String key;

        // Guarded by the map: written while it is there, read by whoever has taken it out.
        private final List<Consumer<TableAnswer>> listeners = new ArrayList<>(1);

        // Written before it is executed, read by its thread.
        private @Nullable Future<?> alarm;

        Flight(String key) {
            this.key = key;
        }

        @Override
        public void run() {
            if (flights.get(key) != this) {
                return;
            }
            TableAnswer answer;
            try {
                answer = blocking.apply(key);
            } catch (RuntimeException e) {
                answer = TableAnswer.unavailable(name + ": " + e);
            }
            end(answer);
        }

        void end(TableAnswer answer) {
            if (!flights.remove(key, this)) {
                return;
            }
            Future<?> set = alarm;
            if (set != null) {
                set.cancel(false);
            }
            for (Consumer<TableAnswer> listener : listeners) {
                tell(listener, answer);
            }
        }

        private void tell(Consumer<TableAnswer> listener, TableAnswer answer) {
            try {
                listener.accept(answer);
            } catch (RejectedExecutionException e) {
                // The process stops, and the loop that asked is gone; the others still hear it.
                return;
            }
        }
    }

    @Override
    public TableAnswer answer(String key) {
        return blocking.apply(key);
    }

    @Override
    public void start(String key, Consumer<TableAnswer> listener) {
        Flight fresh = new Flight(key);
        Flight joined = flights.compute(key, (same, known) -> {
            Flight flight = known == null ? fresh : known;
            flight.listeners.add(listener);
            return flight;
        });
        if (joined != fresh) {
            return;
        }
        fresh.alarm = clock.ring(() -> onAlarm(fresh), deadlineMs);
        if (!threads.tryExecute(fresh)) {
            fresh.end(TableAnswer.unavailable(name + ": too many lookups wait"));
        }
    }

    private void onAlarm(Flight flight) {
        flight.end(TableAnswer.unavailable(name + ": no answer within " + deadlineMs / 1000 + " s"));
        threads.forget(flight);
    }

    /** Keys that are being looked up. */
    int flightCount() {
        return flights.size();
    }

    int threadCount() {
        return threads.liveCount();
    }
}

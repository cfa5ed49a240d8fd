// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.TableAnswer;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one table and the connections to them: not more than a limit at a time, kept for a while for the next
 * lookup, and with the next server taking over from one that fails.
 * Thread: any; a lookup blocks, for a connection and for the answer.
 *
 * <p>No threads of its own, so that a table which nobody asks costs nothing: connections that are idle for too long are
 * closed when one is next wanted.
 */
public final class ServerPool<S extends ServerPool.Session> implements Closeable {
    /** Of one table. A server is not asked more at a time, however many lookups wait. */
    public static final int SESSIONS_MAX = 8;

    static final long IDLE_MAX_NS = 60_000_000_000L;

    private final List<Server<S>> servers = new ArrayList<>();
    private final Connector<S> connector;
    private final Order order;
    private final long waitMs;
    private final LongSupplier nanoClock;
    private final Semaphore permits = new Semaphore(SESSIONS_MAX);

    /** Written once, by {@link #close}; read by lookups that give a connection back. */
    private volatile boolean closed;

    /** What the pool keeps. */
    public interface Session extends Closeable {
        /** False for one that the server has closed meanwhile, as far as that can be told without asking. */
        boolean isUsable();
    }

    @FunctionalInterface
    public interface Connector<S> {
        S connect(ServerAddress server) throws IOException;
    }

    @FunctionalInterface
    public interface Use<S, R> {
        /** An {@link IOException} says that the connection is not to be used again and the next server may be asked. */
        R ask(S session) throws IOException;
    }

    /** Which server is asked first. */
    public enum Order {
        AS_LISTED,
        /** UNIX-domain sockets, then any: spreads the load, as Postfix does for databases. */
        LOCAL_THEN_RANDOM
    }

    private static final class Server<S> {
        private final ServerAddress address;
        private final ServerBackoff backoff = new ServerBackoff();
        private final ConcurrentLinkedDeque<Idle<S>> idle = new ConcurrentLinkedDeque<>();

        Server(ServerAddress address) {
            this.address = address;
        }
    }

    private record Idle<S>(S session, long sinceNs) {}

    /** {@code waitMs}: for a connection to come free when all are in use. */
    public ServerPool(
            List<ServerAddress> addresses, Connector<S> connector, Order order, long waitMs, LongSupplier nanoClock) {
        for (ServerAddress address : addresses) {
            servers.add(new Server<>(address));
        }
        this.connector = connector;
        this.order = order;
        this.waitMs = waitMs;
        this.nanoClock = nanoClock;
    }

    /** The answer of the first server that has one. The exception's message names the server that failed last. */
    <R> R call(Use<S, R> use) throws IOException {
        try {
            if (!permits.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
                throw new IOException("all " + SESSIONS_MAX + " connections are in use");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try {
            return callAny(use);
        } finally {
            permits.release();
        }
    }

    /** As {@link #call}, for a lookup in a table: that nobody could answer is an answer, and it names the table. */
    public TableAnswer answer(String table, Use<S, TableAnswer> use) {
        try {
            TableAnswer answer = call(use);
            return answer.isUnavailable() ? TableAnswer.unavailable(table + ": " + answer.why()) : answer;
        } catch (IOException e) {
            return TableAnswer.unavailable(table + ": " + e.getMessage());
        }
    }

    private <R> R callAny(Use<S, R> use) throws IOException {
        IOException last = null;
        for (Server<S> server : inOrder()) {
            long beganNs = nanoClock.getAsLong();
            if (!server.backoff.mayTry(beganNs)) {
                continue;
            }
            try {
                R answer = callOn(server, use);
                server.backoff.succeeded();
                return answer;
            } catch (IOException e) {
                String why = server.address + ": " + reason(e);
                server.backoff.failed(beganNs, nanoClock.getAsLong(), why);
                last = new IOException(why, e);
            }
        }
        if (last != null) {
            throw last;
        }
        throw new IOException(servers.get(0).backoff.lastFailure() + " (not tried again yet)");
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private List<Server<S>> inOrder() {
        if (order == Order.AS_LISTED || servers.size() == 1) {
            return servers;
        }
        List<Server<S>> shuffled = new ArrayList<>(servers);
        Collections.shuffle(shuffled);
        // Stable, so what is equal stays shuffled.
        shuffled.sort(Comparator.comparing((Server<S> server) -> !server.address.isUnix())
                .thenComparing(server -> server.idle.isEmpty()));
        return shuffled;
    }

    private <R> R callOn(Server<S> server, Use<S, R> use) throws IOException {
        S kept = takeIdle(server);
        if (kept != null) {
            try {
                return callWith(server, kept, use);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                // The server may have closed it while it was idle: that is no failure of the server yet.
            }
        }
        return callWith(server, connector.connect(server.address), use);
    }

    private <R> R callWith(Server<S> server, S session, Use<S, R> use) throws IOException {
        boolean reusable = false;
        try {
            R answer = use.ask(session);
            reusable = true;
            return answer;
        } finally {
            if (reusable && !closed) {
                server.idle.push(new Idle<>(session, nanoClock.getAsLong()));
                closeIfClosed(server);
            } else {
                closeQuietly(session);
            }
        }
    }

    private @Nullable S takeIdle(Server<S> server) {
        long nowNs = nanoClock.getAsLong();
        // The newest are at the front; those behind have been idle for longer.
        for (Idle<S> oldest = server.idle.peekLast();
                oldest != null && nowNs - oldest.sinceNs > IDLE_MAX_NS;
                oldest = server.idle.peekLast()) {
            if (server.idle.removeLastOccurrence(oldest)) {
                closeQuietly(oldest.session);
            }
        }
        for (Idle<S> next = server.idle.poll(); next != null; next = server.idle.poll()) {
            if (next.session.isUsable()) {
                return next.session;
            }
            closeQuietly(next.session);
        }
        return null;
    }

    private void closeIfClosed(Server<S> server) {
        if (closed) {
            for (Idle<S> next = server.idle.poll(); next != null; next = server.idle.poll()) {
                closeQuietly(next.session);
            }
        }
    }

    private static void closeQuietly(Closeable session) {
        try {
            session.close();
        } catch (IOException e) {
            // Nothing is lost: the answer is there, or the failure is known.
        }
    }

    @Override
    public void close() {
        closed = true;
        servers.forEach(this::closeIfClosed);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to Redis servers. The client library, and its threads, come with the first one: nothing of the
 * library is named here.
 * Thread: any.
 */
final class RedisConnector implements Closeable {
    private final Login login;

    // Guarded by this object: made by the first lookup, shut down by close().
    private @Nullable RedisThreads threads;
    private boolean closed;

    /** {@code user} and {@code password} may be empty. */
    record Login(String user, String password, int database, Duration timeout) {
        /** Without the password. */
        @Override
        public String toString() {
            return user + "@" + database;
        }
    }

    RedisConnector(Login login) {
        this.login = login;
    }

    RedisSession connect(ServerAddress server) throws IOException {
        return threads().connect(server, login);
    }

    /** Two lookups may come first at the same time; the lock is held for as long as it takes to start the threads. */
    private synchronized RedisThreads threads() throws IOException {
        if (closed) {
            throw new IOException("the table is closed");
        }
        RedisThreads current = threads;
        if (current == null) {
            current = new RedisThreads(login.timeout());
            threads = current;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (threads != null) {
            threads.close();
            threads = null;
        }
    }
}

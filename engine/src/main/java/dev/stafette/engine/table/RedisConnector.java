// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to Redis servers; holds the threads that the client library has for them, from the first connection
 * on.
 * Thread: any.
 */
final class RedisConnector implements Closeable {
    /** The library's least. */
    private static final int THREADS = 2;

    private static final Duration QUIET_PERIOD = Duration.ZERO;
    private static final Duration SHUTDOWN_MAX = Duration.ofSeconds(2);

    private final String user;
    private final String password;
    private final int database;
    private final Duration timeout;

    // Guarded by this object: made by the first lookup, shut down by close().
    private @Nullable ClientResources resources;
    private @Nullable RedisClient client;
    private boolean closed;

    RedisConnector(String user, String password, int database, long timeoutMs) {
        this.user = user;
        this.password = password;
        this.database = database;
        this.timeout = Duration.ofMillis(timeoutMs);
    }

    RedisSession connect(ServerAddress server) throws IOException {
        RedisURI uri = server.isUnix()
                ? RedisURI.Builder.socket(server.host()).build()
                : RedisURI.create(server.host(), server.port());
        uri.setDatabase(database);
        uri.setTimeout(timeout);
        uri.setClientName("stafette");
        if (!password.isEmpty()) {
            uri.setCredentialsProvider(
                    RedisCredentialsProvider.from(() -> RedisCredentials.just(user.isEmpty() ? null : user, password)));
        }
        try {
            return new RedisSession(client().connect(uri));
        } catch (RedisException e) {
            throw new IOException(reason(e), e);
        }
    }

    private static String reason(RedisException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    /** Two lookups may come first at the same time; a lock is held for as long as it takes to start three threads. */
    private synchronized RedisClient client() throws IOException {
        if (closed) {
            throw new IOException("the table is closed");
        }
        RedisClient current = client;
        if (current == null) {
            ClientResources started = DefaultClientResources.builder()
                    .ioThreadPoolSize(THREADS)
                    .computationThreadPoolSize(THREADS)
                    .build();
            current = RedisClient.create(started);
            current.setOptions(ClientOptions.builder()
                    // The pool replaces a connection that broke, and knows when not to.
                    .autoReconnect(false)
                    .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                    // Without keep-alive: no connection idles for long, and a UNIX-domain one has none.
                    .socketOptions(SocketOptions.builder()
                            .connectTimeout(timeout)
                            .keepAlive(false)
                            .build())
                    .build());
            resources = started;
            client = current;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdown(QUIET_PERIOD, SHUTDOWN_MAX);
        }
        if (resources != null) {
            resources.shutdown(QUIET_PERIOD.toMillis(), SHUTDOWN_MAX.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}

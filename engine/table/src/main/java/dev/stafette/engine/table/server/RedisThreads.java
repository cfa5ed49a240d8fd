// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

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

/**
 * Redis's client library at work for one table: five threads, which its connections share.
 * Thread: any.
 */
final class RedisThreads implements Closeable {
    /** The library's least, of each of two kinds. */
    private static final int THREADS = 2;

    private static final Duration QUIET_PERIOD = Duration.ZERO;
    private static final Duration SHUTDOWN_MAX = Duration.ofSeconds(2);

    private final ClientResources resources;
    private final RedisClient client;

    RedisThreads(Duration timeout) {
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                // The pool replaces a connection that broke, and knows when not to.
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // Without keep-alive: no connection idles for long, and a UNIX-domain one has none.
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(false)
                        .build())
                .build());
    }

    RedisSession connect(ServerAddress server, RedisConnector.Login login) throws IOException {
        RedisURI uri = server.isUnix()
                ? RedisURI.Builder.socket(server.host()).build()
                : RedisURI.create(server.host(), server.port());
        uri.setDatabase(login.database());
        uri.setTimeout(login.timeout());
        uri.setClientName("stafette");
        if (!login.password().isEmpty()) {
            String user = login.user().isEmpty() ? null : login.user();
            uri.setCredentialsProvider(
                    RedisCredentialsProvider.from(() -> RedisCredentials.just(user, login.password())));
        }
        try {
            return new RedisSession(client.connect(uri));
        } catch (RedisException e) {
            throw new IOException(reason(e), e);
        }
    }

    private static String reason(RedisException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    @Override
    public void close() {
        client.shutdown(QUIET_PERIOD, SHUTDOWN_MAX);
        resources.shutdown(QUIET_PERIOD.toMillis(), SHUTDOWN_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }
}

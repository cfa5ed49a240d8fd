// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.TableAnswer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a Redis server.
 * Thread: one at a time.
 */
final class RedisSession implements ServerPool.Session {
    private final StatefulRedisConnection<String, String> connection;

    RedisSession(StatefulRedisConnection<String, String> connection) {
        this.connection = connection;
    }

    /** {@code hash} null: a plain key. A server that answers with an error answers, over a connection that is as before. */
    TableAnswer get(@Nullable String hash, String key) throws IOException {
        try {
            String value = hash == null
                    ? connection.sync().get(key)
                    : connection.sync().hget(hash, key);
            return value == null ? TableAnswer.notFound() : TableAnswer.found(value);
        } catch (RedisCommandExecutionException e) {
            return TableAnswer.unavailable(String.valueOf(e.getMessage()));
        } catch (RedisException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isUsable() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        connection.close();
    }
}

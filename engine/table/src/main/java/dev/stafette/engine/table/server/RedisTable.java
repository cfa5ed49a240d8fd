// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SharedLookups;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis:/file}: {@code GET key}, or {@code HGET hash key}.
 * Thread: any; its questions run on threads of its own.
 *
 * <p>A type of ours: Postfix has none. Its source is written like those of the other databases.
 */
public final class RedisTable implements Table {
    static final int DEFAULT_PORT = 6379;
    static final long TIMEOUT_MS = 2000;

    private final String name;
    private final TableHost host;
    private final DomainFilter domains;
    private final KeyTemplate keyFormat;

    /** Of a hash, or null to ask for a plain key. */
    private final @Nullable KeyTemplate hash;

    private final ResultFormat resultFormat;
    private final RedisConnector connector;
    private final ServerPool<RedisSession> pool;
    private final SharedLookups lookups;

    private RedisTable(TableParameters parameters, TableHost host) {
        this.name = parameters.table();
        this.host = host;
        this.keyFormat = parameters.template("key_format", "%s");
        this.hash = hashOf(parameters);
        this.resultFormat = ResultFormat.read(parameters);
        long timeoutMs = parameters.timeMs("timeout", TIMEOUT_MS, 1000);
        this.connector = new RedisConnector(new RedisConnector.Login(
                parameters.text("user", ""),
                parameters.text("password", ""),
                parameters.count("db", 0, 0),
                Duration.ofMillis(timeoutMs)));
        this.pool = new ServerPool<>(
                parameters.servers("server", "inet:localhost:6379", DEFAULT_PORT),
                connector::connect,
                ServerPool.Order.AS_LISTED,
                timeoutMs,
                host::nanoTime);
        this.lookups = new SharedLookups(name, this::answer, host);
        this.domains = DomainFilter.read(parameters, host);
    }

    public static Table open(TableSpec spec, TableHost host) {
        return new RedisTable(TableParameters.read(spec, host), host);
    }

    private static @Nullable KeyTemplate hashOf(TableParameters parameters) {
        if (parameters.choice("command", "get", List.of("get", "hget")).equals("get")) {
            return null;
        }
        parameters.required("hash");
        return parameters.template("hash", "");
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        LookupKey parts = LookupKey.of(key, host);
        TableAnswer known = domains.answerWithout(parts, inquiry);
        return known == null ? inquiry.ask(lookups, parts.text()) : known;
    }

    private TableAnswer answer(String key) {
        LookupKey parts = new LookupKey(key);
        String redisKey = keyFormat.expand(parts, (text, to) -> to.append(text));
        String redisHash = hash == null ? "" : hash.expand(parts, (text, to) -> to.append(text));
        if (redisKey == null || redisHash == null) {
            return TableAnswer.notFound();
        }
        TableAnswer answer = pool.answer(name, session -> session.get(hash == null ? null : redisHash, redisKey));
        if (answer.isUnavailable()) {
            return answer;
        }
        ResultFormat.Result result = resultFormat.begin(parts);
        result.add(answer.isFound() ? answer.value() : null);
        return result.answer();
    }

    @Override
    public boolean isFixedText() {
        return true;
    }

    @Override
    public void close() {
        pool.close();
        domains.close();
        connector.close();
    }
}

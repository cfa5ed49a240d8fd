// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SharedLookups;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.server.AnswerCache;
import dev.stafette.engine.table.server.DomainFilter;
import dev.stafette.engine.table.server.LookupKey;
import dev.stafette.engine.table.server.ResultFormat;
import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.ServerPool;
import dev.stafette.engine.table.server.TableParameters;
import java.util.List;

/**
 * {@code mysql:}, {@code pgsql:} and {@code sqlite:}: a query for each key.
 * Thread: any; its questions run on threads of its own.
 */
public final class SqlTable implements Table {
    /** To connect, and for the server to answer. */
    static final long TIMEOUT_MS = 10_000;

    private final String name;
    private final TableHost host;
    private final DomainFilter domains;
    private final SqlQuery query;
    private final ResultFormat resultFormat;
    private final boolean requireResultSet;
    private final AnswerCache cache;
    private final ServerPool<SqlSession> pool;
    private final SharedLookups lookups;

    private SqlTable(SqlDialect dialect, TableParameters parameters, TableHost host) {
        this.name = parameters.table();
        this.host = host;
        this.query = SqlQuery.of(SqlSource.query(dialect, parameters), dialect);
        this.resultFormat = ResultFormat.read(parameters);
        this.requireResultSet = parameters.flag("require_result_set", true);
        this.cache = AnswerCache.read(parameters);
        SqlLogin login = SqlSource.login(dialect, parameters);
        List<ServerAddress> servers = SqlSource.servers(dialect, parameters);
        this.pool = new ServerPool<>(
                servers,
                server -> SqlSession.connect(server, login),
                ServerPool.Order.LOCAL_THEN_RANDOM,
                login.timeoutMs(),
                host::nanoTime);
        this.lookups = new SharedLookups(name, this::answer, host);
        this.domains = DomainFilter.read(parameters, host);
    }

    public static Table open(SqlDialect dialect, TableSpec spec, TableHost host) {
        return new SqlTable(dialect, TableParameters.read(spec, host), host);
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        LookupKey parts = LookupKey.of(key, host);
        TableAnswer known = domains.answerWithout(parts, inquiry);
        if (known != null) {
            return known;
        }
        if (key.isEmpty() || !query.isMetBy(parts)) {
            return TableAnswer.notFound();
        }
        TableAnswer cached = cache.find(parts.text(), host.nanoTime());
        return cached == null ? inquiry.ask(lookups, parts.text()) : cached;
    }

    private TableAnswer answer(String key) {
        TableAnswer answer = ask(new LookupKey(key));
        cache.keep(key, answer, host.nanoTime());
        return answer;
    }

    private TableAnswer ask(LookupKey key) {
        SqlQuery.Bound bound = query.bind(key);
        String sql = bound.sql();
        if (sql == null) {
            return TableAnswer.unavailable(name + ": the key has to stand in quotes in the query");
        }
        return pool.answer(
                name, session -> session.ask(sql, bound.parameters(), requireResultSet, resultFormat.begin(key)));
    }

    @Override
    public boolean isFixedText() {
        return true;
    }

    @Override
    public void close() {
        pool.close();
        domains.close();
    }
}

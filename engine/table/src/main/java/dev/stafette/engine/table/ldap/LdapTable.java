// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.ldap;

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
import dev.stafette.engine.table.server.ServerPool;
import dev.stafette.engine.table.server.TableParameters;

/**
 * {@code ldap:}: a search for each key, and searches for the members of the groups it finds.
 * Thread: any; its questions run on threads of its own.
 */
public final class LdapTable implements Table {
    static final long TIMEOUT_MS = 10_000;

    private final String name;
    private final TableHost host;
    private final DomainFilter domains;
    private final LdapSource.Query query;
    private final LdapSource.Attributes attributes;
    private final ResultFormat resultFormat;
    private final AnswerCache cache;
    private final ServerPool<LdapSession> pool;
    private final SharedLookups lookups;

    private LdapTable(TableParameters parameters, TableHost host) {
        this.name = parameters.table();
        this.host = host;
        this.query = LdapSource.query(parameters);
        this.attributes = LdapSource.attributes(parameters);
        // Its name before there were queries.
        String format = parameters.has("result_format") ? "result_format" : "result_filter";
        this.resultFormat =
                new ResultFormat(parameters.template(format, "%s"), parameters.count("expansion_limit", 0, 0));
        this.cache = AnswerCache.read(parameters);
        LdapLogin login = LdapSource.login(parameters);
        this.pool = new ServerPool<>(
                LdapSource.servers(parameters),
                login::connect,
                ServerPool.Order.AS_LISTED,
                login.timeoutMs(),
                host::nanoTime);
        this.lookups = new SharedLookups(name, this::answer, host);
        this.domains = DomainFilter.read(parameters, host);
    }

    public static Table open(TableSpec spec, TableHost host) {
        return new LdapTable(TableParameters.read(spec, host), host);
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        LookupKey parts = LookupKey.of(key, host);
        TableAnswer known = domains.answerWithout(parts, inquiry);
        if (known != null) {
            return known;
        }
        if (key.isEmpty()) {
            return TableAnswer.notFound();
        }
        TableAnswer cached = cache.find(parts.text(), host.nanoTime());
        return cached == null ? inquiry.ask(lookups, parts.text()) : cached;
    }

    private TableAnswer answer(String key) {
        LookupKey parts = new LookupKey(key);
        String base = query.base().expand(parts, LdapSource::quoteForName);
        String filter = query.filter().expand(parts, LdapSource::quoteForFilter);
        if (base == null || filter == null) {
            return TableAnswer.notFound();
        }
        TableAnswer answer = ask(parts, base, filter);
        cache.keep(key, answer, host.nanoTime());
        return answer;
    }

    private TableAnswer ask(LookupKey key, String base, String filter) {
        return pool.answer(
                name,
                session -> new LdapExpansion(session, query, attributes, resultFormat.begin(key)).run(base, filter));
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

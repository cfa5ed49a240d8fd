// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.List;

/**
 * Domains as {@code mydestination} and {@code relay_domains} list them.
 * Thread: any (it does not change).
 *
 * <p>{@code example.com} is that domain, and its {@link Subdomains} where they count; {@code type:table} is what the table
 * has, by the same keys. The first pattern that matches decides; tables are asked when nothing before them did.
 */
public final class DomainList {
    private final DomainRanks ranks = new DomainRanks();
    private final List<RankedTable> tables = new ArrayList<>();

    private DomainList() {}

    /** Without files, for lists that are made rather than read. */
    public static DomainList of(List<String> domains) {
        DomainList list = new DomainList();
        for (int i = 0; i < domains.size(); i++) {
            list.ranks.add(domains.get(i), DomainRanks.rank(i, false), Subdomains.NONE);
        }
        return list;
    }

    public static DomainList read(List<String> words, Host host, Subdomains subdomains, ListTables tables) {
        DomainList list = new DomainList();
        int place = 0;
        for (Patterns.Pattern pattern : Patterns.of(words, host::read)) {
            int rank = DomainRanks.rank(place++, pattern.negated());
            if (pattern.isTable()) {
                list.tables.add(new RankedTable(tables.open(pattern.text()), rank, subdomains));
            } else {
                list.ranks.add(pattern.folded(), rank, subdomains);
            }
        }
        return list;
    }

    /** The domain is in lower case. */
    public Finding find(String domain, Inquiry inquiry) {
        int best = ranks.of(domain);
        for (int i = 0; i < tables.size() && tables.get(i).rank() < best; i++) {
            Finding found = tables.get(i).hasDomain(domain, inquiry);
            if (found != Finding.NOT_FOUND) {
                return tables.get(i).meaning(found);
            }
        }
        return DomainRanks.meaning(best);
    }

    /** As {@link #find}, as far as that can be told without the tables. */
    public boolean names(String domain) {
        return DomainRanks.meaning(ranks.of(domain)) == Finding.FOUND;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Domains as {@code mydestination} and {@code relay_domains} list them.
 * Thread: any (it does not change).
 *
 * <p>{@code example.com} is that domain, and its subdomains where the list has that by
 * {@code parent_domain_matches_subdomains}; {@code .example.com} is the subdomains alone. The first pattern that matches
 * decides. The cost of a look-up does not grow with the list.
 */
public final class DomainList {
    static final int NO_RANK = Integer.MAX_VALUE;

    /** Pattern to rank × 2, plus 1 when it is negated: the lowest rank is the first in the list. */
    private final Map<String, Integer> exact = new HashMap<>();

    private final Map<String, Integer> below = new HashMap<>();

    DomainList() {}

    /** Without files, for lists that are made rather than read. */
    public static DomainList of(List<String> domains) {
        DomainList list = new DomainList();
        int rank = 0;
        for (String domain : domains) {
            list.add(domain, rank++, false, false);
        }
        return list;
    }

    static DomainList read(List<String> words, Host host, boolean parentMatches) {
        DomainList list = new DomainList();
        int rank = 0;
        for (Patterns.Pattern pattern : Patterns.of(words, host)) {
            String text = pattern.text();
            if (text.indexOf(':') >= 0 && text.charAt(0) != '[') {
                throw Patterns.tableInList(text);
            }
            list.add(text, rank++, pattern.negated(), parentMatches);
        }
        return list;
    }

    void add(String pattern, int rank, boolean negated, boolean parentMatches) {
        int value = rank << 1 | (negated ? 1 : 0);
        if (pattern.startsWith(".")) {
            below.putIfAbsent(pattern.substring(1), value);
            return;
        }
        exact.putIfAbsent(pattern, value);
        if (parentMatches) {
            below.putIfAbsent(pattern, value);
        }
    }

    /** The domain is in lower case. */
    public boolean contains(String domain) {
        int rank = rankOf(domain);
        return rank != NO_RANK && (rank & 1) == 0;
    }

    /** Of the first pattern that matches, × 2, plus 1 when it is negated. */
    int rankOf(String domain) {
        int best = orNone(exact.get(domain));
        if (!below.isEmpty()) {
            int dot = domain.indexOf('.');
            while (dot >= 0) {
                best = Math.min(best, orNone(below.get(domain.substring(dot + 1))));
                dot = domain.indexOf('.', dot + 1);
            }
        }
        return best;
    }

    private static int orNone(@Nullable Integer rank) {
        return rank == null ? NO_RANK : rank;
    }

    public boolean isEmpty() {
        return exact.isEmpty() && below.isEmpty();
    }
}

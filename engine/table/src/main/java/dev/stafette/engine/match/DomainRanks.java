// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.table.Finding;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The domains that a list writes out, each with its rank: the place in the list × 2, plus 1 when it is negated, so that the
 * lowest that matches decides. The cost of a look-up does not grow with their number.
 * Thread: any once it is filled.
 */
final class DomainRanks {
    static final int NONE = Integer.MAX_VALUE;

    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> below = new HashMap<>();

    static int rank(int place, boolean negated) {
        return place << 1 | (negated ? 1 : 0);
    }

    /** What a list says whose first match has that rank. */
    static Finding meaning(int rank) {
        return rank != NONE && (rank & 1) == 0 ? Finding.FOUND : Finding.NOT_FOUND;
    }

    void add(String pattern, int rank, Subdomains subdomains) {
        if (pattern.startsWith(".") && subdomains != Subdomains.NONE) {
            below.putIfAbsent(pattern.substring(1), rank);
            return;
        }
        exact.putIfAbsent(pattern, rank);
        if (subdomains == Subdomains.WITH_PARENT) {
            below.putIfAbsent(pattern, rank);
        }
    }

    /** Of the first that matches; the domain is in lower case. */
    int of(String domain) {
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
        return rank == null ? NONE : rank;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import java.util.List;

/**
 * A table at its place in a list.
 * Thread: any (a value).
 *
 * @param rank as in {@link DomainRanks}
 * @param parentMatches a subdomain is looked up as {@code example.com}, and else as {@code .example.com}
 */
record RankedTable(ListTable table, int rank, boolean parentMatches) {
    static boolean areImmediate(List<RankedTable> tables) {
        for (int i = 0; i < tables.size(); i++) {
            if (!tables.get(i).table().isImmediate()) {
                return false;
            }
        }
        return true;
    }

    /** The domain itself, then its parents, as long as the table has none and can be asked for parts. */
    Membership hasDomain(String domain) {
        Membership found = table.has(domain);
        int dot = table.isFixedText() ? domain.indexOf('.') : -1;
        while (found == Membership.OUT && dot >= 0) {
            found = table.has(domain.substring(parentMatches ? dot + 1 : dot));
            dot = domain.indexOf('.', dot + 1);
        }
        return found;
    }

    /** What it means for the list that the table said this, which was not OUT. */
    Membership meaning(Membership found) {
        return found == Membership.IN ? DomainRanks.meaning(rank) : found;
    }
}

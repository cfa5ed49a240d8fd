// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;

/**
 * A table at its place in a list.
 * Thread: any (a value).
 *
 * @param rank as in {@link DomainRanks}
 */
record RankedTable(Table table, int rank, Subdomains subdomains) {
    /** The domain itself, then its parents where they count, as long as the table has none and can be asked for parts. */
    Finding hasDomain(String domain, Inquiry inquiry) {
        Finding found = has(domain, inquiry);
        int dot = subdomains != Subdomains.NONE && table.isFixedText() ? domain.indexOf('.') : -1;
        while (found == Finding.NOT_FOUND && dot >= 0) {
            found = has(domain.substring(subdomains == Subdomains.WITH_PARENT ? dot + 1 : dot), inquiry);
            dot = domain.indexOf('.', dot + 1);
        }
        return found;
    }

    Finding has(String key, Inquiry inquiry) {
        return table.lookup(key, inquiry).finding();
    }

    /** What it means for the list that the table said this, which was not OUT. */
    Finding meaning(Finding found) {
        return found == Finding.FOUND ? DomainRanks.meaning(rank) : found;
    }
}

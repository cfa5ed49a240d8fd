// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says of a domain that two lists have that it is in both: the second of them means nothing.
 * Thread: any.
 *
 * <p>Each domain is looked at once as long as the configuration holds, and no more than {@link #DOMAINS_MAX} of them, so
 * that neither the log nor the tables have to do with it again and again.
 */
final class DomainOverlaps {
    static final int DOMAINS_MAX = 1000;

    private final List<ClassDomains> lists;
    private final Consumer<String> warnings;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    DomainOverlaps(List<ClassDomains> lists, Consumer<String> warnings) {
        this.lists = lists;
        this.warnings = warnings;
    }

    /** {@code index}: of the list that has the domain. */
    void onFound(String domain, int index) {
        if (lists.get(index).addressClass() != AddressClass.RELAY
                && !known.contains(domain)
                && known.size() < DOMAINS_MAX
                && known.add(domain)) {
            look(domain, index);
        }
    }

    private void look(String domain, int index) {
        ClassDomains first = lists.get(index);
        for (ClassDomains other : lists.subList(index + 1, lists.size())) {
            // By its default, relay_domains has what is local; nobody is to be warned of that.
            boolean counts = first.addressClass() != AddressClass.LOCAL || other.addressClass() != AddressClass.RELAY;
            if (counts && other.find(domain, Inquiry.AT_ONCE) == Finding.FOUND) {
                warnings.accept(
                        "do not list domain " + domain + " in BOTH " + first.parameter() + " and " + other.parameter());
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import java.util.List;

/**
 * Puts the form of an address in its place that the world shall see (canonical(5)); what comes of it is looked up again.
 * Thread: any (it does not change).
 */
record CanonicalExchange(AddressMap map) implements AddressExchange {
    /** As Postfix; who follows a circle is left where he is then. */
    private static final int NESTING_MAX = 10;

    @Override
    public MailAddress exchange(MailAddress given, MappingRun run) {
        MailAddress address = given;
        for (int nesting = 0; nesting < NESTING_MAX; nesting++) {
            List<MailAddress> found = map.find(address, 2, run);
            if (found == null || found.isEmpty()) {
                return address;
            }
            if (found.size() > 1) {
                run.warn("multi-valued " + map.name() + " entry for " + address);
            }
            MailAddress next = found.get(0);
            if (next.isNull() || next.external().equalsIgnoreCase(address.external())) {
                return next;
            }
            address = next;
        }
        run.warn("unreasonable " + map.name() + " map nesting for " + address);
        return address;
    }
}

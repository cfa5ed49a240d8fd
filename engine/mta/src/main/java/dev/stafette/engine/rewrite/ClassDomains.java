// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;

/**
 * The domains of one class, as a parameter lists them.
 * Thread: any (it does not change).
 *
 * @param parameter its name, for warnings
 */
record ClassDomains(AddressClass addressClass, String parameter, DomainList domains) {
    /** The domain is in lower case. */
    Finding find(String domain, Inquiry inquiry) {
        return domains.find(domain, inquiry);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.delivery.dns.FilteredDns;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses of a host, of both families.
 * Thread: any (a value).
 *
 * @param finding UNAVAILABLE: there are none that are known, and there may be some
 * @param why of that
 * @param isNotYet some are on their way
 */
record HostAddresses(Finding finding, List<String> addresses, String why, boolean isNotYet) {
    boolean isFiltered() {
        return finding == Finding.UNAVAILABLE && why.equals(FilteredDns.DROPS_ALL);
    }

    /** As the system resolves a host that mail goes to: by its file of hosts, and else by the DNS. */
    static HostAddresses ofHost(String host, NameQuestions names, Inquiry inquiry) {
        List<String> known = names.addressesInFile(host);
        return known.isEmpty()
                ? of(host, names.ofSystem(), inquiry)
                : new HostAddresses(Finding.FOUND, known, "", false);
    }

    /** By the DNS alone. */
    static HostAddresses of(String host, NameQuestions names, Inquiry inquiry) {
        List<String> addresses = new ArrayList<>();
        String why = "";
        boolean isUnavailable = false;
        boolean isNotYet = false;
        for (RecordType type : RecordType.ADDRESSES) {
            NameAnswer answer = names.ask(type, host, inquiry);
            addresses.addAll(answer.records());
            isUnavailable |= answer.isUnavailable();
            isNotYet |= answer.isNotYet();
            // That there are some is known, then.
            why = answer.isUnavailable() && !why.equals(FilteredDns.DROPS_ALL) ? answer.why() : why;
        }
        Finding none = isUnavailable ? Finding.UNAVAILABLE : Finding.NOT_FOUND;
        return new HostAddresses(addresses.isEmpty() ? none : Finding.FOUND, addresses, why, isNotYet);
    }
}

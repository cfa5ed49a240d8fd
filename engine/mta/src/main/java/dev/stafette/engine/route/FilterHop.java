// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.queue.Route;

/**
 * The next hop of a content filter that names none.
 * Thread: any (a value).
 *
 * @param nextHop {@code default_filter_nexthop}; empty: the recipient's domain
 * @param hostName {@code myhostname}, for recipients without a domain
 */
record FilterHop(String nextHop, String hostName) {
    static FilterHop of(Settings settings) {
        return new FilterHop(settings.text("default_filter_nexthop"), settings.text("myhostname"));
    }

    /** {@code contentFilter}: {@code transport:nexthop}. */
    Route route(String contentFilter, MailAddress recipient) {
        String domain = recipient.domainKey();
        String otherwise = domain.isEmpty() ? hostName : domain;
        return ServiceTarget.parse(contentFilter).route(nextHop.isEmpty() ? otherwise : nextHop);
    }
}

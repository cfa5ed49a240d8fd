// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.List;

/** What became of a next hop. Thread: any (a value). */
public sealed interface RouteAnswer {
    /**
     * Somebody to talk to.
     *
     * @param hosts at least one, in the order to try
     * @param site the names of all hosts that take the mail, whether they have an address or not: the same for all next hops
     *     that share them
     * @param isOurs we take mail for it, too, and are an exchange that is no better than these
     * @param mayBeMore the DNS has not said where another of them is, and may next time
     */
    record Hosts(List<MailHost> hosts, String site, boolean isOurs, boolean mayBeMore) implements RouteAnswer {
        public Hosts {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * Nobody to talk to.
     *
     * @param status of class 5 when trying again will not help
     * @param text as Postfix logs it
     * @param isOurs we are the best exchange ourselves
     * @param nameServerFailure DNS itself failed: the site is to blame rather than the recipient
     */
    record NoRoute(EnhancedStatus status, String text, boolean nameServerFailure, boolean isOurs)
            implements RouteAnswer {
        public NoRoute(EnhancedStatus status, String text, boolean nameServerFailure) {
            this(status, text, nameServerFailure, false);
        }
    }
}

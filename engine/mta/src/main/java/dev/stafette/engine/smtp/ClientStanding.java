// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.table.Finding;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the lists of main.cf say of a client.
 * Thread: any (a value).
 *
 * @param local listed in {@code local_header_rewrite_clients}
 * @param isUnlimited listed in {@code smtpd_client_event_limit_exceptions}
 * @param bareNewline the bare LF policy for it
 * @param mayVerp listed in {@code smtpd_authorized_verp_clients}
 * @param mayXclient listed in {@code smtpd_authorized_xclient_hosts}
 * @param mayXforward listed in {@code smtpd_authorized_xforward_hosts}
 * @param hiddenKeywords what EHLO does not say to it; null: nobody knows, as a table is out of order
 */
record ClientStanding(
        ClientFacts facts,
        Finding local,
        boolean isUnlimited,
        BareNewline bareNewline,
        boolean mayVerp,
        boolean mayXclient,
        boolean mayXforward,
        @Nullable Set<String> hiddenKeywords) {
    /** Of keywords that nobody knows none is hidden. */
    Set<String> hidden() {
        return hiddenKeywords == null ? Set.of() : hiddenKeywords;
    }

    /** Before the lists are asked. */
    static ClientStanding unknown(InetAddress address) {
        return new ClientStanding(
                new ClientFacts(address, ClientFacts.UNKNOWN, Finding.UNAVAILABLE),
                Finding.UNAVAILABLE,
                false,
                BareNewline.NORMALIZE,
                false,
                false,
                false,
                Set.of());
    }
}

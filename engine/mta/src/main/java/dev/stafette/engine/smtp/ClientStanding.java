// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.table.Finding;
import java.net.InetAddress;

/**
 * What the lists of main.cf say of a client.
 * Thread: any (a value).
 *
 * @param isUnlimited listed in {@code smtpd_client_event_limit_exceptions}
 * @param bareNewline the bare LF policy for it
 */
record ClientStanding(ClientFacts facts, boolean isUnlimited, BareNewline bareNewline) {
    /** Before the lists are asked. */
    static ClientStanding unknown(InetAddress address) {
        return new ClientStanding(
                new ClientFacts(address, ClientFacts.UNKNOWN, Finding.UNAVAILABLE), false, BareNewline.NORMALIZE);
    }
}

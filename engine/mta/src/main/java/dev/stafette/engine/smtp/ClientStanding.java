// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.engine.policy.ClientFacts;
import dev.stafette.engine.table.Finding;
import java.net.InetAddress;

/**
 * What the lists of main.cf say of a client.
 * Thread: any (a value).
 *
 * @param isUnlimited limits for each client do not count for this one
 * @param bareNewline what line feeds without a carriage return are to it
 */
record ClientStanding(ClientFacts facts, boolean isUnlimited, BareNewline bareNewline) {
    /** Nobody has been asked yet. */
    static ClientStanding unknown(InetAddress address) {
        return new ClientStanding(
                new ClientFacts(address, ClientFacts.UNKNOWN, Finding.UNAVAILABLE), false, BareNewline.NORMALIZE);
    }
}

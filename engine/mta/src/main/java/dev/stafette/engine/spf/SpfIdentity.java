// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import dev.stafette.codec.address.MailAddress;
import java.net.InetAddress;

/**
 * Who says so, and in whose name.
 * Thread: any (a value).
 *
 * @param helo what the client called itself
 * @param localPart of the sender
 * @param domain of the sender
 */
public record SpfIdentity(InetAddress client, String helo, String localPart, String domain) {
    private static final String POSTMASTER = "postmaster";

    /** RFC 7208 §2.4: the sender of a report is the postmaster of the client. */
    public static SpfIdentity of(InetAddress client, String helo, MailAddress sender) {
        if (sender.isNull() || sender.domain().isEmpty()) {
            return new SpfIdentity(client, helo, POSTMASTER, helo);
        }
        String local = sender.localPart();
        return new SpfIdentity(client, helo, local.isEmpty() ? POSTMASTER : local, sender.domain());
    }

    String sender() {
        return localPart + '@' + domain;
    }
}

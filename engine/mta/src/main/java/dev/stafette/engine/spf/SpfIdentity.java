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
 * @param isOfHello there is no sender, and the client stands for itself
 */
public record SpfIdentity(InetAddress client, String helo, String localPart, String domain, boolean isOfHello) {
    private static final String POSTMASTER = "postmaster";

    /** RFC 7208 §2.4: the sender of a report is the postmaster of the client. */
    public static SpfIdentity of(InetAddress client, String helo, MailAddress sender) {
        if (sender.isNull() || sender.domain().isEmpty()) {
            return new SpfIdentity(client, helo, POSTMASTER, helo, true);
        }
        String local = sender.localPart();
        return new SpfIdentity(client, helo, local.isEmpty() ? POSTMASTER : local, sender.domain(), false);
    }

    public String sender() {
        return localPart + '@' + domain;
    }
}

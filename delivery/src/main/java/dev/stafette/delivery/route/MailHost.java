// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import java.net.InetAddress;

/**
 * One address to try.
 * Thread: any (a value).
 *
 * @param name of the host; the address itself where the next hop is one
 * @param preference as its MX record has it, lower is better; 0 without MX
 */
public record MailHost(String name, InetAddress address, int preference, HostTrust trust) {
    /** One that nobody vouches for. */
    public MailHost(String name, InetAddress address, int preference) {
        this(name, address, preference, HostTrust.NONE);
    }
}

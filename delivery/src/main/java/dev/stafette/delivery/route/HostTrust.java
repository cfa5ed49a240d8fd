// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

/**
 * How far DNSSEC vouches for a host (RFC 7672 §2).
 * Thread: any (a value).
 *
 * @param isNameSecure it is the one to send to: the next hop itself, or named by an MX record that is vouched for
 * @param areAddressesSecure they are the host's, with all aliases on the way
 * @param canonicalName where the addresses stand; the host itself where it is no alias
 */
public record HostTrust(boolean isNameSecure, boolean areAddressesSecure, String canonicalName) {
    /** Nobody vouches for anything. */
    public static final HostTrust NONE = new HostTrust(false, false, "");
}

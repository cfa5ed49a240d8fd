// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One directive of a record: a mechanism, and what it means where it matches.
 * Thread: any (a value).
 *
 * @param domain of the mechanism; null: that of the record
 * @param network of {@code ip4} and {@code ip6}; null otherwise
 * @param bits4 of an IPv4 address that must agree
 * @param bits6 the same of IPv6
 */
public record SpfTerm(
        SpfResult result,
        SpfMechanism mechanism,
        @Nullable MacroText domain,
        @Nullable InetAddress network,
        int bits4,
        int bits6) {
    static final int BITS4_MAX = 32;
    static final int BITS6_MAX = 128;

    /** Whether the client is one of those hosts, as far as the record wants to know. */
    public boolean contains(InetAddress host, InetAddress client) {
        byte[] one = host.getAddress();
        byte[] other = client.getAddress();
        if (one.length != other.length) {
            return false;
        }
        int bits = Math.min(client instanceof Inet4Address ? bits4 : bits6, other.length * Byte.SIZE);
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (one[i] != other[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (one[whole] ^ other[whole]) >> Byte.SIZE - rest == 0;
    }
}

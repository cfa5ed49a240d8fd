// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Whose addresses count as one client. Thread: any (a value). */
record ClientNetwork(long high, long low) {
    /** smtpd_client_ipv6_prefix_length: whoever has a network of his own has 2^44 addresses of it. */
    private static final int IPV6_PREFIX_BITS = 84;

    static ClientNetwork of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (!(address instanceof Inet6Address)) {
            return new ClientNetwork(0, bytes.getInt());
        }
        return new ClientNetwork(bytes.getLong(), bytes.getLong() & -1L << 128 - IPV6_PREFIX_BITS);
    }
}

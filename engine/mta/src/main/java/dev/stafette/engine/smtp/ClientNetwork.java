// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Whose addresses count as one client.
 * Thread: any (a value).
 *
 * @param bits that all of them share; those behind are 0
 */
record ClientNetwork(boolean isIpv6, long high, long low, int bits) {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /** {@code smtpd_client_ipv4_prefix_length}, {@code smtpd_client_ipv6_prefix_length}. */
    record Prefixes(int ipv4Bits, int ipv6Bits) {
        static Prefixes of(Settings settings) {
            return new Prefixes(
                    settings.count("smtpd_client_ipv4_prefix_length"),
                    settings.count("smtpd_client_ipv6_prefix_length"));
        }

        ClientNetwork of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            if (address instanceof Inet6Address) {
                return new ClientNetwork(
                        true,
                        bytes.getLong() & mask(Math.min(ipv6Bits, Long.SIZE), Long.SIZE),
                        bytes.getLong() & mask(Math.max(0, ipv6Bits - Long.SIZE), Long.SIZE),
                        ipv6Bits);
            }
            return new ClientNetwork(false, 0, bytes.getInt() & mask(ipv4Bits, IPV4_BITS), ipv4Bits);
        }

        private static long mask(int bits, int width) {
            return bits == 0 ? 0 : -1L << width - bits;
        }
    }

    /** As Postfix's anvil prints it. */
    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(isIpv6 ? IPV6_BITS / Byte.SIZE : IPV4_BITS / Byte.SIZE);
        if (isIpv6) {
            bytes.putLong(high).putLong(low);
        } else {
            bytes.putInt((int) low);
        }
        String address = IpText.format(IpText.of(bytes.array()));
        return bits == (isIpv6 ? IPV6_BITS : IPV4_BITS) ? address : address + '/' + bits;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * What {@code inet_protocols} says.
 * Thread: any (a value).
 */
public enum IpProtocols {
    ALL,
    IPV4,
    IPV6;

    public static IpProtocols of(Settings settings) {
        List<String> words = settings.words("inet_protocols");
        boolean ipv4 = false;
        boolean ipv6 = false;
        for (String word : words) {
            boolean all = word.equals("all");
            if (!all && !word.equals("ipv4") && !word.equals("ipv6")) {
                throw settings.bad("inet_protocols", "all, ipv4, ipv6, or both of these");
            }
            ipv4 |= all || word.equals("ipv4");
            ipv6 |= all || word.equals("ipv6");
        }
        if (!ipv4 && !ipv6) {
            throw settings.bad("inet_protocols", "all, ipv4, ipv6, or both of these");
        }
        return ipv4 && ipv6 ? ALL : ipv4 ? IPV4 : IPV6;
    }

    public boolean has(InetAddress address) {
        return this == ALL || address instanceof Inet4Address == (this == IPV4);
    }
}

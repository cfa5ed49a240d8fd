// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What main.cf says about name servers.
 * Thread: start-up and reload.
 */
public final class DnsSection {
    private static final int DNS_PORT = 53;

    private DnsSection() {}

    public static DnsSettings of(Settings settings) {
        return new DnsSettings(dnsServers(settings), settings.time("dns_timeout"), settings.count("dns_cache_limit"));
    }

    /** For a command, which ends it with the loop. Thread: that of the command. */
    public static Dns ofCommand(Settings settings, EventLoopGroup loop) {
        return new DnsClients(of(settings), loop).ofAnyThread();
    }

    /** Addresses, with {@code :port} or without; IPv6 with a port stands in brackets. */
    private static List<InetSocketAddress> dnsServers(Settings settings) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String word : settings.words("dns_servers")) {
            int colon = word.lastIndexOf(':');
            boolean hasPort = colon >= 0 && (word.indexOf(':') == colon || word.charAt(colon - 1) == ']');
            InetAddress address = IpText.parse(hasPort ? word.substring(0, colon) : word);
            int port = hasPort ? settings.ports().portOf(word.substring(colon + 1)) : DNS_PORT;
            if (address == null || port < 1) {
                throw settings.bad(
                        "dns_servers", "addresses with or without port, as 192.0.2.1, 127.0.0.1:5353, [::1]:53");
            }
            servers.add(new InetSocketAddress(address, port));
        }
        return servers;
    }
}

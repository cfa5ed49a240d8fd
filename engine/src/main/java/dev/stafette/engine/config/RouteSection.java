// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.delivery.route.RouteSettings;
import dev.stafette.delivery.route.RouteSettings.AddressPreference;
import dev.stafette.delivery.route.RouteSettings.InetProtocols;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What main.cf says about finding the addresses of a next hop.
 * Thread: start-up and reload.
 */
public final class RouteSection {
    private static final int DNS_PORT = 53;

    private RouteSection() {}

    /** {@code settings}: those of the client's master.cf row. */
    public static RouteSettings of(Settings settings) {
        List<String> lookups = lookups(settings);
        return new RouteSettings(
                dnsServers(settings),
                lookups.contains("dns") && !settings.flag("disable_dns_lookups"),
                lookups.contains("native"),
                InetProtocols.valueOf(IpProtocols.of(settings).name()),
                AddressPreference.valueOf(
                        settings.choice("smtp_address_preference").toUpperCase(Locale.ROOT)),
                settings.flag("smtp_balance_inet_protocols"),
                settings.count("smtp_mx_address_limit"),
                settings.flag("ignore_mx_lookup_error"),
                settings.flag("smtp_defer_if_no_mx_address_found"),
                settings.text("myhostname"),
                settings.ownAddresses(),
                settings.time("dns_timeout"),
                settings.count("dns_cache_limit"));
    }

    private static List<String> lookups(Settings settings) {
        List<String> words = settings.words("smtp_host_lookup");
        for (String word : words) {
            if (!word.equals("dns") && !word.equals("native")) {
                throw settings.bad("smtp_host_lookup", "dns, native, or both");
            }
        }
        return words;
    }

    /** Addresses, with {@code :port} or without; IPv6 with a port stands in brackets. */
    private static List<InetSocketAddress> dnsServers(Settings settings) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String word : settings.words("dns_servers")) {
            int colon = word.lastIndexOf(':');
            boolean hasPort = colon >= 0 && (word.indexOf(':') == colon || word.charAt(colon - 1) == ']');
            InetAddress address = IpText.parse(hasPort ? word.substring(0, colon) : word);
            int port = hasPort ? ListenAddresses.portOf(word.substring(colon + 1), settings.host()) : DNS_PORT;
            if (address == null || port < 1) {
                throw settings.bad(
                        "dns_servers", "addresses with or without port, as 192.0.2.1, 127.0.0.1:5353, [::1]:53");
            }
            servers.add(new InetSocketAddress(address, port));
        }
        return servers;
    }
}

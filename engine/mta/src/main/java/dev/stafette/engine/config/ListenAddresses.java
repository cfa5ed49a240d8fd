// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.config.syntax.PortNames;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the services of master.cf listen.
 * Thread: start-up and reload.
 */
public final class ListenAddresses {
    private ListenAddresses() {}

    /**
     * The addresses of an {@code inet} row: its host, or each of {@code inet_interfaces}. With {@code all} of them and both
     * protocols that is the one wildcard address, on which Linux takes IPv4 too.
     */
    public static List<InetSocketAddress> of(ServiceRow row, Settings settings) {
        String name = row.name();
        int colon = name.lastIndexOf(':');
        int port = port(row, name.substring(colon + 1), settings.ports());
        if (colon >= 0) {
            return named(row, name.substring(0, colon), port, settings);
        }
        if (settings.words("inet_interfaces").contains("all")) {
            return List.of(wildcard(settings, port));
        }
        Set<InetSocketAddress> addresses = new LinkedHashSet<>();
        for (Host.OwnAddress own : settings.interfaces()) {
            addresses.add(new InetSocketAddress(own.address(), port));
        }
        return List.copyOf(addresses);
    }

    /** A machine without IPv6 cannot listen on its wildcard. */
    private static InetSocketAddress wildcard(Settings settings, int port) {
        boolean ipv4Only = IpProtocols.of(settings) == IpProtocols.IPV4
                || settings.host().addresses().stream().noneMatch(own -> own.address() instanceof Inet6Address);
        return ipv4Only
                ? new InetSocketAddress(IpText.of(new byte[4]), port)
                : new InetSocketAddress(IpText.of(new byte[16]), port);
    }

    private static List<InetSocketAddress> named(ServiceRow row, String host, int port, Settings settings) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        IpProtocols protocols = IpProtocols.of(settings);
        try {
            for (InetAddress address : HostDefaults.resolve(host, settings.host())) {
                if (protocols.has(address)) {
                    addresses.add(new InetSocketAddress(address, port));
                }
            }
        } catch (IOException e) {
            throw ConfigException.badColumn(row.origin(), row.name(), "service", host, "a known host");
        }
        if (addresses.isEmpty()) {
            throw ConfigException.badColumn(
                    row.origin(), row.name(), "service", host, "an address of the inet_protocols");
        }
        return addresses;
    }

    private static int port(ServiceRow row, String text, PortNames ports) {
        int port = ports.portOf(text);
        if (port < 0) {
            throw ConfigException.badColumn(
                    row.origin(), row.name(), "service", text, "a port, or a name of /etc/services");
        }
        return port;
    }
}

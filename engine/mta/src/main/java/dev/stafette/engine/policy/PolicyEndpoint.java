// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.socket.DomainSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a policy server listens: {@code inet:host:port}, {@code inet:port} on this machine, or {@code unix:path}.
 * Thread: any (a value).
 *
 * @param text as it was written
 * @param path of a socket in the file system; empty for TCP
 */
record PolicyEndpoint(String text, String path, String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** {@code queueDirectory}: where relative paths start, as for Postfix's smtpd. */
    static PolicyEndpoint parse(String text, Path queueDirectory) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            String path = text.substring("unix:".length());
            return new PolicyEndpoint(text, queueDirectory.resolve(path).toString(), "", 0);
        }
        if (!text.startsWith("inet:")) {
            throw wrong(text);
        }
        String rest = text.substring("inet:".length());
        int colon = rest.lastIndexOf(':');
        String host = colon < 0 ? "" : rest.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new PolicyEndpoint(text, "", host.isEmpty() ? "localhost" : host, port(text, rest.substring(colon + 1)));
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static ConfigException wrong(String text) {
        return new ConfigException(
                "policy service \"" + text + "\" (expected: inet:host:port, inet:port, or unix:path)");
    }

    boolean isUnix() {
        return !path.isEmpty();
    }

    /** In the order to try them. May ask a resolver, and so may block. */
    List<SocketAddress> resolve(DomainSockets kind) throws UnknownHostException {
        if (isUnix()) {
            return List.of(kind.address(Path.of(path)));
        }
        List<SocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            addresses.add(new InetSocketAddress(address, port));
        }
        return addresses;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.config.syntax.PortNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a server listens: {@code unix:/path}, or {@code inet:host:port} with {@code inet:}, the port, or brackets around
 * the host left out where that is clear.
 * Thread: any (a value).
 *
 * @param host or the path of a socket or file
 * @param port 0 for what has none
 */
public record ServerAddress(Kind kind, String host, int port) {
    public enum Kind {
        INET,
        /** TLS from the first byte. */
        TLS,
        UNIX,
        /** A database in a file: no server at all, which to its table makes no difference. */
        FILE
    }

    /** As the other, for ports in figures. */
    public static ServerAddress parse(String text, int defaultPort) {
        return parse(text, defaultPort, PortNames.NONE);
    }

    /** {@code defaultPort} -1: there must be one. Throws an {@link IllegalArgumentException} that says what was expected. */
    public static ServerAddress parse(String text, int defaultPort, PortNames ports) {
        if (text.startsWith("unix:")) {
            String path = text.substring("unix:".length());
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("unix:/path");
            }
            return new ServerAddress(Kind.UNIX, path, 0);
        }
        String rest = text.startsWith("inet:") ? text.substring("inet:".length()) : text;
        int bracket = rest.startsWith("[") ? rest.indexOf(']') : -1;
        int colon = rest.indexOf(':', bracket + 1);
        if (bracket < 0 && colon >= 0 && rest.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException("host:port, and an IPv6 address in [ ]");
        }
        String host = bracket > 0 ? rest.substring(1, bracket) : colon < 0 ? rest : rest.substring(0, colon);
        if (bracket > 0 && colon < 0 && bracket != rest.length() - 1) {
            throw new IllegalArgumentException("[address]:port");
        }
        if (colon < 0 && defaultPort < 0) {
            throw new IllegalArgumentException("host:port");
        }
        int port = colon < 0 ? defaultPort : portOf(rest.substring(colon + 1), ports);
        return new ServerAddress(Kind.INET, host.isEmpty() ? "localhost" : host, port);
    }

    private static int portOf(String text, PortNames ports) {
        int port = ports.portOf(text);
        if (port < 1) {
            throw new IllegalArgumentException("a port between 1 and 65535, or its name");
        }
        return port;
    }

    public ServerAddress withTls() {
        return new ServerAddress(Kind.TLS, host, port);
    }

    public boolean isUnix() {
        return kind == Kind.UNIX;
    }

    /** In the order to try them; asks the resolver. */
    List<SocketAddress> resolve() throws IOException {
        if (kind == Kind.UNIX) {
            return List.of(UnixDomainSocketAddress.of(host));
        }
        List<SocketAddress> addresses = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                addresses.add(new InetSocketAddress(address, port));
            }
        } catch (UnknownHostException e) {
            throw new IOException("no such host: " + host, e);
        }
        return addresses;
    }

    @Override
    public String toString() {
        if (kind == Kind.UNIX || kind == Kind.FILE) {
            return kind == Kind.UNIX ? "unix:" + host : host;
        }
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.socket;

import dev.stafette.engine.config.syntax.PortNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens that we ask: {@code inet:host:port}, {@code inet:port} on this machine, or {@code unix:path}. A port may
 * have a name.
 * Thread: any (a value).
 *
 * @param text as it was written
 * @param path of a socket in the file system; empty for TCP
 */
public record ServerEndpoint(String text, String path, String host, int port) {
    private static final String UNIX = "unix:";
    private static final String INET = "inet:";

    /** Null when it is none. {@code queueDirectory}: where relative paths start, as for Postfix's daemons. */
    public static @Nullable ServerEndpoint parse(String text, Path queueDirectory, PortNames ports) {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            return ofPath(text, text.substring(UNIX.length()), queueDirectory);
        }
        if (!text.startsWith(INET)) {
            return null;
        }
        String rest = text.substring(INET.length());
        int colon = rest.lastIndexOf(':');
        String host = colon < 0 ? "" : rest.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = ports.portOf(rest.substring(colon + 1));
        return port <= 0 ? null : new ServerEndpoint(text, "", host.isEmpty() ? "localhost" : host, port);
    }

    /** {@code text}: as it was written, where that is not the path alone. */
    public static ServerEndpoint ofPath(String text, String path, Path queueDirectory) {
        return new ServerEndpoint(text, queueDirectory.resolve(path).toString(), "", 0);
    }

    /** As Postfix's clients name it: without its type. */
    public String name() {
        return text.startsWith(INET)
                ? text.substring(INET.length())
                : text.startsWith(UNIX) ? text.substring(UNIX.length()) : text;
    }

    public boolean isUnix() {
        return !path.isEmpty();
    }

    /** In the order to try them. May ask a resolver, and so may block. */
    public List<SocketAddress> resolve(DomainSockets kind) throws UnknownHostException {
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

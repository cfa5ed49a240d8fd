// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.load;

import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.socket.DomainSockets;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * Reads where a test program connects to or listens: {@code [inet:]host:port} or {@code unix:path}.
 * Thread: main.
 */
public final class Endpoint {
    private static final String UNIX = "unix:";
    private static final String INET = "inet:";
    private static final String UNKNOWN = "Name or service not known";

    /** Which addresses of a host count. */
    enum Family {
        ANY,
        IPV4,
        IPV6;

        boolean has(InetAddress address) {
            return this == ANY || address instanceof Inet4Address == (this == IPV4);
        }
    }

    /** The message is for people. */
    public static final class BadEndpointException extends Exception {
        private static final long serialVersionUID = 1;

        BadEndpointException(String message) {
            super(message);
        }
    }

    private Endpoint() {}

    /** {@code defaultPort}: where the text names none; empty: it must. */
    static SocketAddress of(String text, String defaultPort, Family family) throws BadEndpointException {
        if (text.startsWith(UNIX)) {
            return DomainSockets.ofThisMachine().address(Path.of(text.substring(UNIX.length())));
        }
        String place = text.startsWith(INET) ? text.substring(INET.length()) : text;
        int colon = place.lastIndexOf(':');
        boolean hasPort = colon >= 0 && place.indexOf(']', colon) < 0;
        String host = hasPort ? place.substring(0, colon) : defaultPort.isEmpty() ? "" : place;
        String port = hasPort ? place.substring(colon + 1) : defaultPort.isEmpty() ? place : defaultPort;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new InetSocketAddress(address(host, text, family), portOf(port, text));
    }

    private static InetAddress address(String host, String text, Family family) throws BadEndpointException {
        if (host.isEmpty()) {
            return family == Family.IPV4 ? address("0.0.0.0", text, family) : new InetSocketAddress(0).getAddress();
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (family.has(address)) {
                    return address;
                }
            }
        } catch (UnknownHostException e) {
            throw new BadEndpointException(text + ": " + UNKNOWN);
        }
        throw new BadEndpointException(text + ": " + UNKNOWN);
    }

    private static int portOf(String port, String text) throws BadEndpointException {
        if (!port.isEmpty()
                && Character.isDigit(port.charAt(0))
                && !port.chars().allMatch(Character::isDigit)) {
            throw new BadEndpointException(text + ": garbage after numerical service");
        }
        int number = PortNames.of("", new LocalHost()).portOf(port);
        if (number < 0) {
            throw new BadEndpointException(text + ": Servname not supported for ai_socktype");
        }
        return number;
    }
}

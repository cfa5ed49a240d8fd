// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.codec.address.InternationalDomain;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where a destination points: {@code domain}, {@code domain:port}, {@code [host]}, {@code [host]:port}; an address
 * stands in brackets, an IPv6 one with or without {@code IPv6:} in front.
 * Thread: any (a value).
 *
 * @param host in lower case and ASCII form (RFC 5890), without brackets
 * @param mx the host is a mail domain: its MX records decide
 */
public record NextHop(String host, int port, boolean mx) {
    /** RFC 1035 §2.3.4. */
    private static final int LABEL_LENGTH_MAX = 63;

    private static final String IPV6_TAG = "ipv6:";

    /** Returns null for what is no next hop. {@code ports}: by number or name; below 1 for what is none. */
    public static @Nullable NextHop parse(String text, int defaultPort, ToIntFunction<String> ports) {
        boolean bracketed = text.startsWith("[");
        int hostEnd = bracketed ? text.indexOf(']') : text.lastIndexOf(':');
        if (bracketed && hostEnd < 0) {
            return null;
        }
        String host = bracketed ? text.substring(1, hostEnd) : hostEnd < 0 ? text : text.substring(0, hostEnd);
        String rest = bracketed ? text.substring(hostEnd + 1) : hostEnd < 0 ? "" : text.substring(hostEnd);
        int port = rest.isEmpty() ? defaultPort : rest.startsWith(":") ? parsePort(rest.substring(1), ports) : 0;
        String name = canonical(host, bracketed);
        return port == 0 || name == null ? null : new NextHop(name, port, !bracketed);
    }

    /** 0 for what is no port. */
    private static int parsePort(String text, ToIntFunction<String> ports) {
        return Math.max(ports.applyAsInt(text), 0);
    }

    private static @Nullable String canonical(String host, boolean bracketed) {
        String name = host.toLowerCase(Locale.ROOT);
        if (bracketed && name.startsWith(IPV6_TAG)) {
            name = name.substring(IPV6_TAG.length());
        }
        if (NetUtil.isValidIpV4Address(name) || bracketed && NetUtil.isValidIpV6Address(name)) {
            return name;
        }
        return canonicalName(name);
    }

    /** RFC 1035 §2.3.4: a name has at most 255 octets, 253 in text. Null when it cannot be one. */
    static @Nullable String canonicalName(String name) {
        String ascii = InternationalDomain.toAscii(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
        return ascii != null && isSane(ascii) ? ascii.toLowerCase(Locale.ROOT) : null;
    }

    private static boolean isSane(String ascii) {
        return !ascii.isEmpty()
                && ascii.length() <= 253
                && !ascii.startsWith(".")
                && !ascii.contains("..")
                && ascii.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '[' && c != ']' && c != ':')
                && hasFittingLabels(ascii);
    }

    private static boolean hasFittingLabels(String name) {
        int start = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', start)) {
            if (dot - start > LABEL_LENGTH_MAX) {
                return false;
            }
            start = dot + 1;
        }
        return name.length() - start <= LABEL_LENGTH_MAX;
    }

    /** The same host, whatever MX records say. */
    public NextHop asHost() {
        return new NextHop(host, port, false);
    }

    /** The address when the host is one; null when it is a name. */
    public @Nullable InetAddress literal() {
        return NetUtil.createInetAddressFromIpAddressString(host);
    }
}

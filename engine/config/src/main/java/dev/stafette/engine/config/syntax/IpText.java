// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and prints IP addresses without asking a resolver.
 * Thread: any (stateless).
 */
public final class IpText {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_GROUPS = 8;

    private IpText() {}

    /** Null when the text is no address; IPv6 may stand in brackets, and may have {@code IPv6:} before it. */
    public static @Nullable InetAddress parse(String text) {
        String bare = text;
        if (text.startsWith("[") && text.endsWith("]")) {
            bare = text.substring(1, text.length() - 1);
            if (bare.regionMatches(true, 0, "IPv6:", 0, 5)) {
                bare = bare.substring(5);
            }
        }
        return bare.indexOf(':') >= 0 ? parse6(bare) : parse4(bare);
    }

    private static @Nullable InetAddress parse4(String text) {
        byte[] bytes = new byte[IPV4_BYTES];
        int at = 0;
        for (int i = 0; i < IPV4_BYTES; i++) {
            int value = -1;
            int from = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - from < 3) {
                value = Math.max(value, 0) * 10 + text.charAt(at) - '0';
                at++;
            }
            boolean padded = at - from > 1 && text.charAt(from) == '0';
            if (value < 0 || value > 255 || padded) {
                return null;
            }
            bytes[i] = (byte) value;
            if (i < IPV4_BYTES - 1 && (at >= text.length() || text.charAt(at++) != '.')) {
                return null;
            }
        }
        return at == text.length() ? of(bytes) : null;
    }

    private static @Nullable InetAddress parse6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return null;
            }
        }
        try {
            // With a colon and hexadecimal digits alone this never asks a resolver.
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    public static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + bytes.length + " bytes", e);
        }
    }

    static InetAddress withoutScope(InetAddress address) {
        return of(address.getAddress());
    }

    /** IPv6 in the short form of RFC 5952 §4. */
    public static String format(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int[] zeros = longestZeroRun(groups);
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (i == zeros[0]) {
                text.append("::");
                i += zeros[1] - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Start and length of the first longest run of two or more; start -1 when there is none. */
    private static int[] longestZeroRun(int[] groups) {
        int[] best = {-1, 1};
        int from = 0;
        while (from < groups.length) {
            int to = from;
            while (to < groups.length && groups[to] == 0) {
                to++;
            }
            if (to - from > best[1]) {
                best = new int[] {from, to - from};
            }
            from = to + 1;
        }
        return best;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.Ipv4Pattern;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DNS list (RFC 5782) as main.cf names it: {@code domain}, or {@code domain=127.0.0.[2;4..7]} for some of its entries
 * alone.
 * Thread: any (it does not change).
 *
 * @param text as it was written
 * @param domain of the list
 * @param pattern of the entries that count; null: all
 */
public record DnsListFilter(
        String text, String domain, @Nullable Ipv4Pattern pattern) {
    private static final String HEX = "0123456789abcdef";

    /** Throws a ConfigException for a pattern that is none. */
    public static DnsListFilter parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return new DnsListFilter(text, text, null);
        }
        try {
            return new DnsListFilter(text, text.substring(0, equals), Ipv4Pattern.parse(text.substring(equals + 1)));
        } catch (ConfigException e) {
            throw new ConfigException("DNS list \"" + text + "\": " + e.getMessage());
        }
    }

    /** {@code addresses}: those that the list has for somebody. */
    public boolean matches(List<String> addresses) {
        Ipv4Pattern wanted = pattern;
        return wanted == null ? !addresses.isEmpty() : addresses.stream().anyMatch(wanted::matches);
    }

    /** RFC 5782 §2.1, §2.4: octets or hexadecimal digits, the last first, each with a dot behind it. */
    public static String reversed(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder(64);
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes.length == 4) {
                name.append(bytes[i] & 0xff).append('.');
            } else {
                name.append(HEX.charAt(bytes[i] & 0xf)).append('.');
                name.append(HEX.charAt(bytes[i] >> 4 & 0xf)).append('.');
            }
        }
        return name.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import dev.stafette.engine.config.syntax.IpText;
import java.net.Inet4Address;
import java.util.Locale;

/**
 * What the letters of macros stand for (RFC 7208 §7.2), but for the client's validated name.
 * Thread: any (a value).
 */
record SpfMacros(SpfIdentity identity, String receiver, long nowS) {
    private static final String HEX = "0123456789ABCDEF";

    String value(char letter, String domain) {
        return switch (letter) {
            case 's' -> identity.sender();
            case 'l' -> identity.localPart();
            case 'o' -> identity.domain();
            case 'd' -> domain;
            case 'i' -> dotted();
            case 'v' -> isIp4() ? "in-addr" : "ip6";
            case 'h' -> identity.helo();
            case 'c' -> IpText.format(identity.client());
            case 'r' -> receiver;
            case 't' -> Long.toString(nowS);
            default -> throw new IllegalStateException("no macro: " + letter);
        };
    }

    private boolean isIp4() {
        return identity.client() instanceof Inet4Address;
    }

    /** Four numbers, or 32 digits. */
    private String dotted() {
        if (isIp4()) {
            return IpText.format(identity.client());
        }
        StringBuilder out = new StringBuilder();
        for (byte b : identity.client().getAddress()) {
            out.append(HEX.charAt(b >> 4 & 0xf))
                    .append('.')
                    .append(HEX.charAt(b & 0xf))
                    .append('.');
        }
        out.setLength(out.length() - 1);
        return out.toString();
    }

    /** Where the client's names are in the DNS. */
    String reverseName() {
        String[] parts = dotted().split("\\.");
        StringBuilder out = new StringBuilder();
        for (int i = parts.length - 1; i >= 0; i--) {
            out.append(parts[i]).append('.');
        }
        return out.append(isIp4() ? "in-addr.arpa" : "ip6.arpa").toString().toLowerCase(Locale.ROOT);
    }
}

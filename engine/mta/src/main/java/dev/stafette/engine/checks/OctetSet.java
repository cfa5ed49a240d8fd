// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.engine.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * The characters that a message must not have, or loses ({@code message_reject_characters}, {@code message_strip_characters}).
 * Thread: any (it does not change).
 */
public final class OctetSet {
    public static final OctetSet NONE = new OctetSet(new BitSet());

    private final BitSet octets;

    private OctetSet(BitSet octets) {
        this.octets = octets;
    }

    static OctetSet of(Settings settings, String name) {
        return parse(settings.text(name));
    }

    /** With C's escapes: {@code \a \b \f \n \r \t \v \\} and up to three octal digits. */
    static OctetSet parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        BitSet octets = new BitSet(256);
        int at = 0;
        while (at < bytes.length) {
            int octet = bytes[at++] & 0xff;
            if (octet == '\\' && at < bytes.length) {
                int digitsEnd = at;
                int value = 0;
                while (digitsEnd < bytes.length
                        && digitsEnd < at + 3
                        && bytes[digitsEnd] >= '0'
                        && bytes[digitsEnd] <= '7') {
                    value = value * 8 + bytes[digitsEnd++] - '0';
                }
                octet = digitsEnd > at ? value & 0xff : escaped(bytes[at] & 0xff);
                at = Math.max(digitsEnd, at + 1);
            }
            octets.set(octet);
        }
        return octets.isEmpty() ? NONE : new OctetSet(octets);
    }

    private static int escaped(int c) {
        return switch (c) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            default -> c;
        };
    }

    boolean isEmpty() {
        return octets.isEmpty();
    }

    boolean has(byte octet) {
        return octets.get(octet & 0xff);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An address with the name of whom it belongs to, as it stands in a From header (RFC 5322 §3.4, RFC 2047).
 * Thread: any.
 */
public final class NamedAddress {
    /** RFC 2047 §2: an encoded word has 75 characters at most, 12 of which are its frame. */
    private static final int ENCODED_CHARS_MAX = 63;

    /** What keeps a phrase from being a sequence of atoms. */
    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~ ";

    private NamedAddress() {}

    /**
     * {@code name <address>}, or {@code address (name)} in the obsolete form; the address alone without a name.
     *
     * @param address in its external form
     */
    public static String format(String name, String address, boolean obsolete) {
        String shown = printable(name);
        if (shown.isEmpty()) {
            return address;
        }
        if (!isAscii(shown)) {
            String encoded = encode(shown);
            return obsolete ? address + " (" + encoded + ")" : encoded + " <" + address + ">";
        }
        return obsolete ? address + " (" + comment(shown) + ")" : phrase(shown) + " <" + address + ">";
    }

    private static String printable(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
        return out.toString().strip();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String comment(String name) {
        return escape(name, "()\\");
    }

    private static String phrase(String name) {
        boolean atoms = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0);
        return atoms ? name : '"' + escape(name, "\"\\") + '"';
    }

    private static String escape(String text, String special) {
        StringBuilder out = new StringBuilder(text.length() + 4);
        for (int i = 0; i < text.length(); i++) {
            if (special.indexOf(text.charAt(i)) >= 0) {
                out.append('\\');
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    /** Encoded words of whole characters, a space between them, which is not part of the text. */
    private static String encode(String name) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < name.length()) {
            int to = from;
            int bytes = 0;
            while (to < name.length()) {
                int next = name.offsetByCodePoints(to, 1);
                bytes += name.substring(to, next).getBytes(StandardCharsets.UTF_8).length;
                if ((bytes + 2) / 3 * 4 > ENCODED_CHARS_MAX) {
                    break;
                }
                to = next;
            }
            byte[] part = name.substring(from, to).getBytes(StandardCharsets.UTF_8);
            out.append(out.isEmpty() ? "" : " ")
                    .append("=?utf-8?B?")
                    .append(Base64.getEncoder().encodeToString(part))
                    .append("?=");
            from = to;
        }
        return out.toString();
    }
}

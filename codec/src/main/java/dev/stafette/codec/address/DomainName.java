// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import org.jspecify.annotations.Nullable;

/**
 * What may stand behind the {@code @}: a host name or an address literal (RFC 5321 §4.1.2, §4.1.3).
 * Thread: any.
 */
public final class DomainName {
    /** RFC 5321 §4.5.3.1.2. */
    static final int BYTES_MAX = 255;

    /** RFC 1035 §2.3.4. */
    private static final int LABEL_BYTES_MAX = 63;

    private DomainName() {}

    /**
     * Without quotes and without the dot that may end it; null for what is neither a host name nor an address literal. Text
     * is read as in an address.
     */
    static @Nullable String canonical(String text) {
        if (isHostName(text)) {
            return text;
        }
        boolean plain =
                !text.startsWith("[") && text.chars().allMatch(c -> c > ' ' && c != '"' && c != '\\' && c != '(');
        String word = plain ? text : unquoted(text);
        String name = word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
        if (name.startsWith("[")) {
            return isLiteral(name) ? name : null;
        }
        return isHostName(name) || isInternational(name) ? name : null;
    }

    /** Empty for what is no domain. */
    private static String unquoted(String text) {
        StringBuilder out = new StringBuilder();
        boolean afterWord = false;
        for (MailboxToken token : MailboxToken.scan(text)) {
            if (token.kind() == MailboxToken.COMMENT || afterWord && token.isText()) {
                return "";
            }
            out.append(token.text());
            afterWord = token.isText();
        }
        return out.toString();
    }

    /** Labels of letters, digits, {@code _} and inner {@code -}; not digits alone, for that is a mistyped literal. */
    public static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > BYTES_MAX) {
            return false;
        }
        int labelStart = 0;
        boolean numeric = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (!isLabel(name, labelStart, i)) {
                    return false;
                }
                labelStart = i + 1;
            } else if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-') {
                numeric = false;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return !numeric && isLabel(name, labelStart, name.length());
    }

    private static boolean isLabel(String name, int from, int to) {
        return to > from && to - from <= LABEL_BYTES_MAX && name.charAt(from) != '-' && name.charAt(to - 1) != '-';
    }

    /** RFC 5890 §2.3.2.1: the name must have a form in ASCII. */
    public static boolean isInternational(String name) {
        if (name.chars().allMatch(c -> c < 0x80)) {
            return false;
        }
        String ascii = InternationalDomain.toAscii(name);
        return ascii != null && isHostName(ascii);
    }

    /** With its brackets. */
    public static boolean isLiteral(String text) {
        if (text.length() < 3 || text.charAt(0) != '[' || text.charAt(text.length() - 1) != ']') {
            return false;
        }
        int end = text.length() - 1;
        return text.regionMatches(true, 1, "IPv6:", 0, 5) ? isIpv6(text, 6, end) : isIpv4(text, 1, end);
    }

    /** Leading zeros are refused: some readers take them for octal numbers. Network 0 has no hosts. */
    private static boolean isIpv4(String text, int from, int to) {
        if (text.charAt(from) == '0' && !text.startsWith("0.0.0.0", from)) {
            return false;
        }
        int parts = 0;
        int at = from;
        while (at < to) {
            int start = at;
            int value = 0;
            while (at < to && at - start < 3 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            if (at == start || value > 255 || (text.charAt(start) == '0' && at - start > 1)) {
                return false;
            }
            parts++;
            if (at == to) {
                return parts == 4;
            }
            if (text.charAt(at++) != '.') {
                return false;
            }
        }
        return false;
    }

    /** RFC 4291 §2.2: eight groups, one run of which {@code ::} may stand for, the last two perhaps as IPv4. */
    private static boolean isIpv6(String text, int from, int to) {
        int groups = 0;
        boolean compressed = false;
        int at = from;
        if (text.startsWith("::", at)) {
            compressed = true;
            at += 2;
        }
        while (at < to) {
            int start = at;
            while (at < to && at - start < 4 && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 0x80) {
                at++;
            }
            if (at > start && at < to && text.charAt(at) == '.') {
                return isIpv4(text, start, to) && (compressed ? groups < 6 : groups == 6);
            }
            if (at == start) {
                return false;
            }
            groups++;
            if (at == to) {
                break;
            }
            if (text.charAt(at) != ':') {
                return false;
            }
            at++;
            if (at < to && text.charAt(at) == ':') {
                if (compressed) {
                    return false;
                }
                compressed = true;
                at++;
            } else if (at == to) {
                return false;
            }
        }
        return compressed ? groups < 8 : groups == 8;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

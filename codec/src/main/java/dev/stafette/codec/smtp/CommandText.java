// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Splits command lines into words between white space, in bytes. Thread: any. */
final class CommandText {
    static final int UNCLOSED = -1;

    private static final String HEX = "0123456789ABCDEF";

    private CommandText() {}

    static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    static int skipSpace(byte[] in, int from, int to) {
        int i = from;
        while (i < to && isSpace(in[i])) {
            i++;
        }
        return i;
    }

    /**
     * Behind the word that begins at {@code from}, as Postfix splits a line: white space in quotes and angle brackets does
     * not end it, the colons of FROM: and TO: do.
     */
    static int wordEnd(byte[] in, int from, int to) {
        int end = closedWordEnd(in, from, to);
        return end == UNCLOSED ? to : end;
    }

    /** As {@link #wordEnd}; {@link #UNCLOSED} when quotes or angle brackets stay open, so that the line belongs to the word. */
    static int closedWordEnd(byte[] in, int from, int to) {
        int i = from;
        while (i < to && !isSpace(in[i])) {
            byte b = in[i];
            if (b == '<' || b == '"') {
                i = closingEnd(in, i, to);
                if (i == UNCLOSED) {
                    return UNCLOSED;
                }
            } else if (b == ':' && (is(in, from, i, "FROM") || is(in, from, i, "TO"))) {
                return i + 1;
            } else {
                i += b == '\\' ? 2 : 1;
            }
        }
        return Math.min(i, to);
    }

    /** Angle brackets nest, and quotes may stand in them. */
    private static int closingEnd(byte[] in, int from, int to) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (b == '\\') {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && b == '<') {
                depth++;
            } else if (!quoted && b == '>') {
                depth--;
            }
            if (!quoted && depth == 0) {
                return i + 1;
            }
        }
        return UNCLOSED;
    }

    /** Words with one space between them. */
    static String join(byte[] in, int from, int to) {
        StringBuilder out = new StringBuilder(to - from);
        int at = skipSpace(in, from, to);
        while (at < to) {
            int end = wordEnd(in, at, to);
            out.append(out.isEmpty() ? "" : " ").append(ascii(in, at, end));
            at = skipSpace(in, end, to);
        }
        return out.toString();
    }

    /** @param prefix in upper case */
    static boolean startsWith(byte[] in, int from, int to, String prefix) {
        if (to - from < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            byte b = in[from + i];
            if ((b >= 'a' && b <= 'z' ? b - 32 : b) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** @param word in upper case */
    static boolean is(byte[] in, int from, int to, String word) {
        return to - from == word.length() && startsWith(in, from, to, word);
    }

    /** Reads digits; -1 when they are none or too many for a long. */
    static long number(byte[] in, int from, int to) {
        if (from == to) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = in[i] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static String ascii(byte[] in, int from, int to) {
        return new String(in, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** For a reply or a log: what is not printable ASCII becomes {@code ?}, and long text is truncated. */
    static String printable(byte[] in, int from, int to, int bytesMax) {
        byte[] out = new byte[Math.min(to - from, bytesMax)];
        for (int i = 0; i < out.length; i++) {
            byte b = in[from + i];
            out[i] = b < ' ' || b == 0x7f ? (byte) '?' : b;
        }
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /** Replaces, in place, control characters and invalid UTF-8 by {@code ?}. */
    static void makePrintable(byte[] in, int from, int to) {
        int i = from;
        while (i < to) {
            int length = in[i] >= 0 ? 1 : in[i] >= (byte) 0xf0 ? 4 : in[i] >= (byte) 0xe0 ? 3 : 2;
            boolean printable = i + length <= to && isUtf8(in, i, i + length) && (in[i] < 0 || in[i] >= ' ');
            if (!printable || in[i] == 0x7f) {
                in[i] = '?';
                length = 1;
            }
            i += length;
        }
    }

    /** As the client sent it, UTF-8 included, without control characters. */
    static String readable(byte[] in, int from, int to) {
        if (!isUtf8(in, from, to)) {
            return printable(in, from, to, to - from);
        }
        StringBuilder out = new StringBuilder(new String(in, from, to - from, StandardCharsets.UTF_8));
        for (int i = 0; i < out.length(); i++) {
            if (Character.isISOControl(out.charAt(i)) && out.charAt(i) != '\t') {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }

    /** For the comments of a Received header, too (RFC 5322 §3.2.2). */
    static String hostName(String text, int lengthMax) {
        StringBuilder out = new StringBuilder(text);
        out.setLength(Math.min(text.length(), lengthMax));
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c < ' ' || c >= 0x7f || " <>()\\\";@".indexOf(c) >= 0) {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }

    /**
     * Whether the word is a header's name with its colon, perhaps with white space or another word behind that (RFC 5322
     * §2.2).
     */
    static boolean isHeader(byte[] in, int from, int to) {
        int i = from;
        while (i < to && in[i] > ' ' && in[i] != 0x7f && in[i] != ':') {
            i++;
        }
        int nameEnd = i;
        while (i < to && (in[i] == ' ' || in[i] == '\t')) {
            i++;
        }
        return nameEnd > from && i < to && in[i] == ':';
    }

    /**
     * Reads xtext (RFC 3461 §4): printable ASCII, of which a plus sign and two digits stand for a byte. What should have
     * been encoded is, as by Postfix, so that nothing else goes on from here; null for a plus sign with no digits.
     */
    static @Nullable String xtext(byte[] in, int from, int to) {
        if (isPlain(in, from, to)) {
            return ascii(in, from, to);
        }
        StringBuilder out = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (b > ' ' && b < 0x7f && b != '+') {
                out.append((char) b);
                continue;
            }
            int value = b;
            if (b == '+') {
                value = hex(in, i + 1, to) << 4 | hex(in, i + 2, to);
                if (value < 0) {
                    return null;
                }
                i += 2;
            }
            out.append('+').append(HEX.charAt(value >> 4 & 0xf)).append(HEX.charAt(value & 0xf));
        }
        return out.toString();
    }

    /** Printable ASCII without a plus sign: what most xtext is, and stands for itself. */
    static boolean isPlain(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] <= ' ' || in[i] == 0x7f || in[i] == '+') {
                return false;
            }
        }
        return true;
    }

    /** Negative when there is no digit. */
    private static int hex(byte[] in, int at, int to) {
        return at < to ? Character.digit(in[at], 16) : -1;
    }

    /** Of {@link #xtext} as it was read: it stands for printable ASCII. */
    static boolean isPrintableXtext(String xtext) {
        for (int i = xtext.indexOf('+'); i >= 0; i = xtext.indexOf('+', i + 1)) {
            int value = Integer.parseInt(xtext, i + 1, i + 3, 16);
            if (value < ' ' || value >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads an address of RFC 6533 §3, in the open or with {@code \\x{hex}} for what may not stand so; what should have been
     * encoded is. Null for what is neither.
     */
    static @Nullable String utf8Address(byte[] in, int from, int to) {
        if (!isUtf8(in, from, to)) {
            return null;
        }
        String text = new String(in, from, to - from, StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("\\x{", i) && !isCodePoint(text, i + 3)) {
                return null;
            }
            if (c == ' ' || Character.isISOControl(c)) {
                out.append("\\x{")
                        .append(HEX.charAt(c >> 4 & 0xf))
                        .append(HEX.charAt(c & 0xf))
                        .append('}');
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isCodePoint(String text, int from) {
        int value = 0;
        int at = from;
        while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && value <= Character.MAX_CODE_POINT) {
            value = value << 4 | Character.digit(text.charAt(at++), 16);
        }
        return at < text.length() && text.charAt(at) == '}' && value <= Character.MAX_CODE_POINT;
    }

    /** RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF. */
    static boolean isUtf8(byte[] in, int from, int to) {
        int i = from;
        while (i < to) {
            byte b = in[i++];
            if (b >= 0) {
                continue;
            }
            int lead = b & 0xff;
            int more = lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
            if (more < 0 || to - i < more) {
                return false;
            }
            int second = in[i] & 0xff;
            int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
            int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
            if (second < low || second > high) {
                return false;
            }
            for (int k = 1; k < more; k++) {
                if ((in[i + k] & 0xc0) != 0x80) {
                    return false;
                }
            }
            i += more;
        }
        return true;
    }
}

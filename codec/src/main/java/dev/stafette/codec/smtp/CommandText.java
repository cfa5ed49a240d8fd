// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import java.nio.charset.StandardCharsets;

/** What command lines are made of: words between white space, in bytes. Thread: any. */
final class CommandText {
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

    static int wordEnd(byte[] in, int from, int to) {
        int i = from;
        while (i < to && !isSpace(in[i])) {
            i++;
        }
        return i;
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

    /** Fit for a reply or a log: what is not printable ASCII becomes {@code ?}, and what is too long is cut. */
    static String printable(byte[] in, int from, int to, int bytesMax) {
        return replace(in, from, to, bytesMax, "");
    }

    /** Fit for the comments of a Received header as well (RFC 5322 §3.2.2). */
    static String hostName(byte[] in, int from, int to, int bytesMax) {
        return replace(in, from, to, bytesMax, " <>()\\\";@");
    }

    private static String replace(byte[] in, int from, int to, int bytesMax, String unwanted) {
        byte[] out = new byte[Math.min(to - from, bytesMax)];
        for (int i = 0; i < out.length; i++) {
            byte b = in[from + i];
            out[i] = b < ' ' || b == 0x7f || unwanted.indexOf(b) >= 0 ? (byte) '?' : b;
        }
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /**
     * RFC 3461 §4: printable ASCII, of which a plus sign and two digits stand for a byte. What they stand for must be
     * printable as well, for it will be seen in a report. An equal sign is tolerated, as by Postfix.
     */
    static boolean isXtext(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (b <= ' ' || b == 0x7f) {
                return false;
            }
            if (b == '+') {
                if (to - i < 3) {
                    return false;
                }
                int high = Character.digit(in[i + 1], 16);
                int low = Character.digit(in[i + 2], 16);
                int value = high << 4 | low;
                if (high < 0 || low < 0 || value < ' ' || value >= 0x7f) {
                    return false;
                }
                i += 2;
            }
        }
        return true;
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

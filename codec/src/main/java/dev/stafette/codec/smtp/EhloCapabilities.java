// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a server offers in its reply to EHLO (RFC 5321 §4.1.1.1).
 * Thread: any (a value).
 *
 * @param bits one of the constants of this class for each known keyword
 * @param sizeLimitBytes the limit that SIZE declares (RFC 1870 §4); 0 when there is none
 * @param authMechanisms in upper case, in the server's order (RFC 4954 §3)
 */
public record EhloCapabilities(int bits, long sizeLimitBytes, List<String> authMechanisms) {
    /** RFC 2920. */
    public static final int PIPELINING = 1;
    /** RFC 1870. */
    public static final int SIZE = 1 << 1;
    /** RFC 6152. */
    public static final int EIGHT_BIT_MIME = 1 << 2;
    /** RFC 3461. */
    public static final int DSN = 1 << 3;
    /** RFC 2034. */
    public static final int ENHANCED_STATUS_CODES = 1 << 4;
    /** RFC 3030. */
    public static final int CHUNKING = 1 << 5;
    /** RFC 3030. */
    public static final int BINARY_MIME = 1 << 6;
    /** RFC 6531. */
    public static final int SMTP_UTF8 = 1 << 7;
    /** RFC 3207. */
    public static final int START_TLS = 1 << 8;
    /** RFC 4954. */
    public static final int AUTH = 1 << 9;
    /** Postfix's XFORWARD, each of whose attributes a server offers by itself. */
    public static final int XFORWARD_NAME = 1 << 10;

    public static final int XFORWARD_ADDR = 1 << 11;
    public static final int XFORWARD_PORT = 1 << 12;
    public static final int XFORWARD_PROTO = 1 << 13;
    public static final int XFORWARD_HELO = 1 << 14;
    public static final int XFORWARD_IDENT = 1 << 15;
    public static final int XFORWARD_SOURCE = 1 << 16;

    /** RFC 8689. */
    public static final int REQUIRE_TLS = 1 << 17;

    private static final int XFORWARD = XFORWARD_NAME
            | XFORWARD_ADDR
            | XFORWARD_PORT
            | XFORWARD_PROTO
            | XFORWARD_HELO
            | XFORWARD_IDENT
            | XFORWARD_SOURCE;

    /** What HELO gives. */
    public static final EhloCapabilities NONE = new EhloCapabilities(0, 0, List.of());

    public EhloCapabilities {
        authMechanisms = List.copyOf(authMechanisms);
    }

    /** The first line is the server's greeting; unknown keywords and a malformed limit are ignored. */
    public static EhloCapabilities parse(SmtpReply reply) {
        int bits = 0;
        long sizeLimitBytes = 0;
        List<String> mechanisms = new ArrayList<>(0);
        for (String line : reply.lines().subList(1, reply.lines().size())) {
            // "AUTH=LOGIN" is how servers spelled it before RFC 2554.
            String[] words = line.strip()
                    .toUpperCase(Locale.ROOT)
                    .replace("AUTH=", "AUTH ")
                    .split("[ \t]+");
            int bit = bitOf(words[0]);
            bits |= bit;
            if (bit == SIZE && words.length > 1) {
                sizeLimitBytes = parseLimit(words[1]);
            } else if (words[0].equals("XFORWARD")) {
                for (int i = 1; i < words.length; i++) {
                    bits |= attributeBitOf(words[i]);
                }
            } else if (bit == AUTH) {
                for (int i = 1; i < words.length; i++) {
                    if (!mechanisms.contains(words[i])) {
                        mechanisms.add(words[i]);
                    }
                }
            }
        }
        return new EhloCapabilities(bits, sizeLimitBytes, mechanisms);
    }

    private static int bitOf(String keyword) {
        return switch (keyword) {
            case "PIPELINING" -> PIPELINING;
            case "SIZE" -> SIZE;
            case "8BITMIME" -> EIGHT_BIT_MIME;
            case "DSN" -> DSN;
            case "ENHANCEDSTATUSCODES" -> ENHANCED_STATUS_CODES;
            case "CHUNKING" -> CHUNKING;
            case "BINARYMIME" -> BINARY_MIME;
            case "SMTPUTF8" -> SMTP_UTF8;
            case "STARTTLS" -> START_TLS;
            case "AUTH" -> AUTH;
            case "REQUIRETLS" -> REQUIRE_TLS;
            default -> 0;
        };
    }

    private static int attributeBitOf(String attribute) {
        return switch (attribute) {
            case "NAME" -> XFORWARD_NAME;
            case "ADDR" -> XFORWARD_ADDR;
            case "PORT" -> XFORWARD_PORT;
            case "PROTO" -> XFORWARD_PROTO;
            case "HELO" -> XFORWARD_HELO;
            case "IDENT" -> XFORWARD_IDENT;
            case "SOURCE" -> XFORWARD_SOURCE;
            default -> 0;
        };
    }

    private static long parseLimit(String digits) {
        // RFC 1870 §4: up to 20 digits. What does not fit a long limits nothing.
        if (digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Long.parseLong(digits);
    }

    /** The bits of these keywords, in upper case; a word that means none of them counts for nothing. */
    public static int bitsOf(Collection<String> keywords) {
        int bits = 0;
        for (String keyword : keywords) {
            bits |= keyword.equals("XFORWARD") ? XFORWARD : bitOf(keyword);
        }
        return bits;
    }

    /** As if the server had not offered that. */
    public EhloCapabilities without(int hidden) {
        return (bits & hidden) == 0
                ? this
                : new EhloCapabilities(
                        bits & ~hidden,
                        (hidden & SIZE) == 0 ? sizeLimitBytes : 0,
                        (hidden & AUTH) == 0 ? authMechanisms : List.of());
    }

    public boolean has(int bit) {
        return (bits & bit) != 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.BitSet;

/**
 * A pattern of IPv4 addresses, as it stands behind the domain of a DNS list: {@code 127.0.0.[2;4..7]}. Each of the four
 * fields is a number, or numbers and ranges within brackets.
 * Thread: any (it does not change).
 */
public final class Ipv4Pattern {
    private static final int FIELDS = 4;
    private static final int OCTET_MAX = 255;

    private final BitSet[] fields;

    private Ipv4Pattern(BitSet[] fields) {
        this.fields = fields;
    }

    /** Throws a {@link ConfigException} that says what is wrong. */
    public static Ipv4Pattern parse(String text) {
        Reading reading = new Reading(text);
        BitSet[] fields = new BitSet[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            fields[i] = reading.field();
            reading.expect(i < FIELDS - 1 ? '.' : '\0');
        }
        return new Ipv4Pattern(fields);
    }

    /** {@code address}: in its usual form; what is none does not match. */
    public boolean matches(String address) {
        String[] octets = address.split("\\.", -1);
        if (octets.length != FIELDS) {
            return false;
        }
        for (int i = 0; i < FIELDS; i++) {
            int value = octet(octets[i]);
            if (value < 0 || !fields[i].get(value)) {
                return false;
            }
        }
        return true;
    }

    /** Negative when it is none. */
    private static int octet(String text) {
        int value = text.isEmpty() ? -1 : 0;
        for (int i = 0; i < text.length() && value >= 0; i++) {
            int digit = text.charAt(i) - '0';
            value = digit < 0 || digit > 9 || value * 10 + digit > OCTET_MAX ? -1 : value * 10 + digit;
        }
        return value;
    }

    /** From left to right. */
    private static final class Reading {
        private final String text;
        private int at;

        Reading(String text) {
            this.text = text;
        }

        private char next() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        void expect(char c) {
            if (next() != c) {
                throw wrong(c == '\0' ? "the end" : "'" + c + "'");
            }
            at++;
        }

        private ConfigException wrong(String expected) {
            return new ConfigException("bad address pattern \"" + text + "\": " + expected + " expected at \""
                    + text.substring(Math.min(at, text.length())) + "\"");
        }

        BitSet field() {
            BitSet values = new BitSet(OCTET_MAX + 1);
            if (next() != '[') {
                values.set(number());
                return values;
            }
            do {
                at++;
                int from = number();
                int to = from;
                if (text.startsWith("..", at)) {
                    at += 2;
                    to = number();
                    if (to < from) {
                        throw wrong("a range that goes upwards");
                    }
                }
                values.set(from, to + 1);
            } while (next() == ';');
            expect(']');
            return values;
        }

        private int number() {
            int from = at;
            while (next() >= '0' && next() <= '9') {
                at++;
            }
            int value = octet(text.substring(from, at));
            if (value < 0) {
                at = from;
                throw wrong("a number up to " + OCTET_MAX);
            }
            return value;
        }
    }
}

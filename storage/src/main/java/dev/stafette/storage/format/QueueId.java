// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Queue ids: 64 bits that are never used twice, and their text in the shape of Postfix's long ids.
 * Thread: any.
 *
 * <pre>
 * bits 63..10  microseconds since 1970, made unique by counting on     (until the year 2540)
 * bits  9..0   node number
 * text         seconds in base 52 (6 or more) | microseconds in base 52 (4) | 'z' | node in base 51
 * </pre>
 */
public final class QueueId {
    public static final int NODE_MAX = 1023;
    public static final long NONE = 0;

    /** Postfix's alphabet: no vowels, so that no word is spelled by chance; 'z' separates. */
    private static final String DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

    private static final int NODE_BITS = 10;
    private static final int SECONDS_DIGITS_MIN = 6;
    private static final int MICROS_DIGITS = 4;
    private static final int TEXT_LENGTH_MAX = 24;

    private QueueId() {}

    /** Hands out ids; each is greater than every one before it. */
    public static final class Source {
        private final int node;
        private final AtomicLong lastMicros;

        /** Ids start above {@code lastId}, the greatest one that recovery saw, even if the clock went back. */
        public Source(int node, long lastId) {
            if (node < 0 || node > NODE_MAX) {
                throw new IllegalArgumentException("node: " + node + " (expected: 0.." + NODE_MAX + ")");
            }
            this.node = node;
            this.lastMicros = new AtomicLong(lastId >>> NODE_BITS);
        }

        /** All ids from now on are greater than this one. */
        public void startAbove(long lastId) {
            lastMicros.accumulateAndGet(lastId >>> NODE_BITS, Math::max);
        }

        public long next(long epochMicros) {
            long micros = lastMicros.accumulateAndGet(epochMicros, (last, now) -> Math.max(last + 1, now));
            return micros << NODE_BITS | node;
        }
    }

    /** When the id was given out, microseconds since 1970. */
    public static long epochMicros(long id) {
        return id >>> NODE_BITS;
    }

    public static String format(long id) {
        byte[] text = new byte[TEXT_LENGTH_MAX];
        int at = text.length;
        long node = id & NODE_MAX;
        do {
            text[--at] = (byte) DIGITS.charAt((int) (node % 51));
            node /= 51;
        } while (node > 0);
        text[--at] = 'z';
        long micros = id >>> NODE_BITS;
        long fraction = micros % 1_000_000;
        for (int i = 0; i < MICROS_DIGITS; i++) {
            text[--at] = (byte) DIGITS.charAt((int) (fraction % 52));
            fraction /= 52;
        }
        long seconds = micros / 1_000_000;
        for (int i = 0; i < SECONDS_DIGITS_MIN || seconds > 0; i++) {
            text[--at] = (byte) DIGITS.charAt((int) (seconds % 52));
            seconds /= 52;
        }
        return new String(text, at, text.length - at, StandardCharsets.ISO_8859_1);
    }

    /** Returns {@link #NONE} for a text that no id has. */
    public static long parse(CharSequence text) {
        int z = -1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 'z') {
                z = i;
            }
        }
        if (z < SECONDS_DIGITS_MIN + MICROS_DIGITS || z == text.length() - 1 || text.length() > TEXT_LENGTH_MAX) {
            return NONE;
        }
        long seconds = number(text, 0, z - MICROS_DIGITS, 52);
        long fraction = number(text, z - MICROS_DIGITS, z, 52);
        long node = number(text, z + 1, text.length(), 51);
        if (seconds < 0 || seconds > 1L << 33 || fraction < 0 || fraction > 999_999 || node < 0 || node > NODE_MAX) {
            return NONE;
        }
        return (seconds * 1_000_000 + fraction) << NODE_BITS | node;
    }

    private static long number(CharSequence text, int from, int to, int base) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0 || digit >= base || value > Long.MAX_VALUE / 52 - 52) {
                return -1;
            }
            value = value * base + digit;
        }
        return value;
    }
}

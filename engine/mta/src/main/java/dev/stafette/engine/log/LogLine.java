// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One line of the log while it is put together, in bytes that are used again for the next.
 * Thread: the one that logs; each has its own.
 *
 * <p>Whatever a peer said comes out printable: control characters become {@code ?}, the rest is UTF-8.
 */
final class LogLine {
    /** Longer lines are cut: no reader of logs expects them. */
    static final int LINE_BYTES_MAX = 4096;

    /** The longest that one character can take. */
    private static final int CHARACTER_BYTES_MAX = 4;

    /** Of a number, its point included. */
    private static final int DIGITS_MAX = 20;

    private static final long[] POWERS_OF_TEN = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    /** {@code Mon dd hh:mm:ss}. */
    private static final int TIME_BYTES = 15;

    private static final int MICROS_DIGITS = 6;
    private static final long SIGNIFICANT_DIGITS_BEYOND = 100;

    private final ZoneId zone;
    private final byte[] bytes = new byte[LINE_BYTES_MAX + 1];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    private long timeSecond = Long.MIN_VALUE;
    private int length;

    LogLine(ZoneId zone) {
        this.zone = zone;
    }

    /** Begins with the time, which is looked up in the calendar once a second. */
    LogLine begin(long epochMs) {
        long second = Math.floorDiv(epochMs, 1000L);
        if (second != timeSecond) {
            timeSecond = second;
            writeTime(LocalDateTime.ofInstant(Instant.ofEpochSecond(second), zone));
        }
        length = TIME_BYTES;
        return this;
    }

    private void writeTime(LocalDateTime time) {
        String month = MONTHS[time.getMonthValue() - 1];
        for (int i = 0; i < 3; i++) {
            bytes[i] = (byte) month.charAt(i);
        }
        bytes[3] = ' ';
        twoDigits(4, time.getDayOfMonth(), ' ');
        bytes[6] = ' ';
        twoDigits(7, time.getHour(), '0');
        bytes[9] = ':';
        twoDigits(10, time.getMinute(), '0');
        bytes[12] = ':';
        twoDigits(13, time.getSecond(), '0');
    }

    private void twoDigits(int at, int value, char pad) {
        bytes[at] = (byte) (value < 10 ? pad : '0' + value / 10);
        bytes[at + 1] = (byte) ('0' + value % 10);
    }

    /** Bytes that are known to be printable. */
    LogLine put(byte[] printable) {
        int count = Math.min(printable.length, LINE_BYTES_MAX - length);
        System.arraycopy(printable, 0, bytes, length, count);
        length += count;
        return this;
    }

    LogLine put(CharSequence text) {
        return text instanceof String string ? put(string) : put(text.toString());
    }

    /** Written for the common case, printable ASCII that fits; everything else is {@link #putSlowly}. */
    LogLine put(String text) {
        int count = text.length();
        if (count > LINE_BYTES_MAX - length) {
            return putSlowly(text, 0);
        }
        int at = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                length = at;
                return putSlowly(text, i);
            }
            bytes[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    private LogLine putSlowly(String text, int from) {
        int i = from;
        while (i < text.length() && length <= LINE_BYTES_MAX - CHARACTER_BYTES_MAX) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (Character.isISOControl(point)
                    || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
                bytes[length++] = '?';
            } else if (point < 0x80) {
                bytes[length++] = (byte) point;
            } else {
                put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
        return this;
    }

    LogLine number(long value) {
        return decimal(value, 0);
    }

    /** {@code fraction}: how many of the digits stand behind the point. */
    private LogLine decimal(long value, int fraction) {
        if (value < 0 || length > LINE_BYTES_MAX - DIGITS_MAX) {
            return put(BigDecimal.valueOf(value, fraction).toPlainString());
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        // A zero before the point, at least.
        int end = length + Math.max(digits, fraction + 1) + (fraction > 0 ? 1 : 0);
        long rest = value;
        for (int at = end - 1; at >= length; at--) {
            if (fraction > 0 && at == end - 1 - fraction) {
                bytes[at] = '.';
            } else {
                bytes[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        length = end;
        return this;
    }

    /**
     * Seconds with two significant digits, at most {@code digitsMax} of them behind the point, and no zeros at the end:
     * {@code 0.05 1.2 12 340}.
     */
    LogLine seconds(long ns, int digitsMax) {
        long micros = Math.max(0, ns) / 1000;
        int cut = MICROS_DIGITS - digitsMax;
        while (cut < MICROS_DIGITS && micros >= SIGNIFICANT_DIGITS_BEYOND * POWERS_OF_TEN[cut]) {
            cut++;
        }
        long scaled = (micros + POWERS_OF_TEN[cut] / 2) / POWERS_OF_TEN[cut];
        int digits = MICROS_DIGITS - cut;
        while (digits > 0 && scaled % 10 == 0) {
            scaled /= 10;
            digits--;
        }
        return decimal(scaled, digits);
    }

    /** Ends the line; {@link #buffer} holds {@link #length} bytes of it until the next {@link #begin}. */
    LogLine end() {
        bytes[length++] = '\n';
        return this;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }
}

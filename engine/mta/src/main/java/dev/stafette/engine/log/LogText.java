// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The parts of a line of the mail log, for a command that writes one.
 * Thread: any.
 */
public final class LogText {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private LogText() {}

    /** {@code Nov  4 16:02:33}. */
    public static String time(long epochMs, ZoneId zone) {
        ZonedDateTime time = Instant.ofEpochMilli(epochMs).atZone(zone);
        int month = (time.getMonthValue() - 1) * 3;
        int day = time.getDayOfMonth();
        return MONTHS.substring(month, month + 3) + (day < 10 ? "  " : " ") + day + " " + two(time.getHour()) + ":"
                + two(time.getMinute()) + ":" + two(time.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** What stands between the time and the text: {@code  host tag[42]: }. */
    public static String head(String hostName, String tag, long processId) {
        int dot = hostName.indexOf('.');
        return " " + (dot < 0 ? hostName : hostName.substring(0, dot)) + " " + tag + "[" + processId + "]: ";
    }

    /** An address in the form of RFC 5321 without its quotes. */
    static String internal(String external) {
        if (external.isEmpty() || external.charAt(0) != '"') {
            return external;
        }
        StringBuilder out = new StringBuilder(external.length());
        for (int i = 1; i < external.length(); i++) {
            char c = external.charAt(i);
            if (c == '"') {
                return out.append(external, i + 1, external.length()).toString();
            }
            if (c == '\\' && i + 1 < external.length()) {
                i++;
            }
            out.append(external.charAt(i));
        }
        return external;
    }

    /** One line, whatever came. */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return out.toString();
    }
}

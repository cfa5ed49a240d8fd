// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * The conversions of strftime(3) in the POSIX locale.
 * Thread: any (stateless).
 */
final class StrftimeText {
    /** By their letters, as patterns of {@link DateTimeFormatter}. */
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('h', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('c', "EEE MMM ppd HH:mm:ss yyyy"),
            Map.entry('d', "dd"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('e', "ppd"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('j', "DDD"),
            Map.entry('k', "ppH"),
            Map.entry('l', "pph"),
            Map.entry('m', "MM"),
            Map.entry('M', "mm"),
            Map.entry('p', "a"),
            Map.entry('r', "hh:mm:ss a"),
            Map.entry('R', "HH:mm"),
            Map.entry('S', "ss"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('x', "MM/dd/yy"),
            Map.entry('X', "HH:mm:ss"),
            Map.entry('y', "yy"),
            Map.entry('Y', "yyyy"),
            Map.entry('z', "xx"),
            Map.entry('Z', "zzz"));

    private StrftimeText() {}

    /** What is no conversion stays as it is. */
    static String format(String template, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%' || i + 1 == template.length()) {
                out.append(c);
                continue;
            }
            char letter = template.charAt(++i);
            String pattern = PATTERNS.get(letter);
            switch (letter) {
                case '%' -> out.append('%');
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 's' -> out.append(time.toEpochSecond());
                case 'C' -> out.append(String.format("%02d", time.getYear() / 100));
                case 'u' -> out.append(time.getDayOfWeek().getValue());
                case 'w' -> out.append(time.getDayOfWeek().getValue() % 7);
                default -> out.append(pattern == null ? "%" + letter : formatted(pattern, time));
            }
        }
        return out.toString();
    }

    private static String formatted(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}

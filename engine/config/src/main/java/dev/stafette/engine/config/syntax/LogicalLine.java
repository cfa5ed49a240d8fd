// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of main.cf, master.cf or a list file with the lines that continue it.
 * Thread: any (a value).
 *
 * <p>A line that starts with white space continues the one before. Empty lines and those whose first character other
 * than white space is {@code #} do not count, also in the middle of a continued line. The white space at the start of a
 * continuation is kept, as Postfix does: inside a value it separates.
 *
 * @param number of the first physical line, from 1
 */
public record LogicalLine(String text, int number) {
    /** Of a line in that message. */
    public static final int SHOWN_LENGTH_MAX = 30;

    public boolean startsWithSpace() {
        return isSpace(text.charAt(0));
    }

    /** What Postfix says of a line that does. */
    public String leadingSpaceText() {
        boolean isLong = text.length() > SHOWN_LENGTH_MAX;
        return leadingSpaceText(isLong ? text.substring(0, SHOWN_LENGTH_MAX) : text, isLong);
    }

    /** {@code start}: of a line that continues none, at most {@link #SHOWN_LENGTH_MAX} bytes of it. */
    public static String leadingSpaceText(String start, boolean goesOn) {
        return "logical line must not start with whitespace: \"" + start + (goesOn ? "..." : "") + "\"";
    }

    public static List<LogicalLine> split(String text) {
        List<LogicalLine> lines = new ArrayList<>();
        @Nullable StringBuilder current = null;
        int currentNumber = 0;
        int number = 0;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            String line = text.substring(from, end);
            from = end + 1;
            number++;
            String trimmed = trim(line);
            if (trimmed.isEmpty() || trimmed.charAt(0) == '#') {
                continue;
            }
            if (current != null && isSpace(line.charAt(0))) {
                current.append(line);
                continue;
            }
            if (current != null) {
                lines.add(new LogicalLine(current.toString(), currentNumber));
            }
            current = new StringBuilder(line);
            currentNumber = number;
        }
        if (current != null) {
            lines.add(new LogicalLine(current.toString(), currentNumber));
        }
        return lines;
    }

    /** White space of C's isspace(), which is what Postfix goes by; not Unicode's. */
    public static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.NetworkList;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter's value may be.
 * Thread: any (a value).
 */
public sealed interface ValueType<T> {
    /** Null when the text, already expanded, is no such value. */
    @Nullable
    T parse(String text);

    /** Ends the sentence "expected: ...". */
    String expected();

    /** Any text. */
    record Text() implements ValueType<String> {
        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String expected() {
            return "text";
        }
    }

    /** Text that keeps its {@code $}. */
    record RawText() implements ValueType<String> {
        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String expected() {
            return "text";
        }
    }

    /** The name of a file or directory. */
    record PathText() implements ValueType<String> {
        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String expected() {
            return "a path";
        }
    }

    /** {@code yes} or {@code no}. */
    record Flag() implements ValueType<Boolean> {
        @Override
        public @Nullable Boolean parse(String text) {
            if (text.equalsIgnoreCase("yes")) {
                return Boolean.TRUE;
            }
            return text.equalsIgnoreCase("no") ? Boolean.FALSE : null;
        }

        @Override
        public String expected() {
            return "yes or no";
        }
    }

    /** A whole number. */
    record Count(int min, int max) implements ValueType<Integer> {
        @Override
        public @Nullable Integer parse(String text) {
            boolean isNegative = min < 0 && text.startsWith("-");
            long value = digits(isNegative ? text.substring(1) : text);
            if (value < 0) {
                return null;
            }
            long signed = isNegative ? -value : value;
            return signed < min || signed > max ? null : (int) signed;
        }

        @Override
        public String expected() {
            return max == Integer.MAX_VALUE ? min + " or more" : min + ".." + max;
        }
    }

    /** Bytes, with k, m or g for the powers of 1024. */
    record Size(long min, long max) implements ValueType<Long> {
        @Override
        public @Nullable Long parse(String text) {
            int unit = text.isEmpty() ? -1 : "kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
            long number = digits(unit < 0 ? text : text.substring(0, text.length() - 1));
            int shift = unit < 0 ? 0 : 10 * (unit + 1);
            if (number < 0 || number > Long.MAX_VALUE >> shift) {
                return null;
            }
            long value = number << shift;
            return value < min || value > max ? null : value;
        }

        @Override
        public String expected() {
            String range = max == Long.MAX_VALUE ? min + " or more" : min + ".." + max;
            return range + " bytes, k, m and g being understood";
        }
    }

    /** A time: a number and one of s, m, h, d and w; a bare number is in {@code unit}. Limits are in seconds. */
    record Time(char unit, long min, long max) implements ValueType<Duration> {
        private static final String UNITS = "smhdw";
        private static final int[] SECONDS = {1, 60, 3_600, 86_400, 604_800};

        @Override
        public @Nullable Duration parse(String text) {
            int suffix = text.isEmpty() ? -1 : UNITS.indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
            long number = digits(suffix < 0 ? text : text.substring(0, text.length() - 1));
            long scale = SECONDS[suffix < 0 ? UNITS.indexOf(unit) : suffix];
            // More than a few thousand years is a slip, and would not fit in nanoseconds.
            if (number < 0 || number > Integer.MAX_VALUE / scale) {
                return null;
            }
            long seconds = number * scale;
            return seconds < min || seconds > max ? null : Duration.ofSeconds(seconds);
        }

        @Override
        public String expected() {
            String limits = max == Integer.MAX_VALUE ? ", " + min + "s or more" : ", " + min + "s.." + max + "s";
            return "a number with s, m, h, d or w" + (min == 0 && max == Integer.MAX_VALUE ? "" : limits);
        }
    }

    /** One word of several. */
    record Choice(List<String> words) implements ValueType<String> {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public @Nullable String parse(String text) {
            String word = text.toLowerCase(Locale.ROOT);
            return words.contains(word) ? word : null;
        }

        @Override
        public String expected() {
            return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1);
        }
    }

    /** Words with white space or commas between them; braces keep one together. */
    record Words() implements ValueType<List<String>> {
        @Override
        public List<String> parse(String text) {
            return ConfigWords.split(text);
        }

        @Override
        public String expected() {
            return "a list";
        }
    }

    /** Patterns of domains; see {@link DomainList}. */
    record Domains() implements ValueType<List<String>> {
        @Override
        public List<String> parse(String text) {
            return ConfigWords.split(text);
        }

        @Override
        public String expected() {
            return "domains, .domains, /file, type:table, !pattern";
        }
    }

    /** Patterns of clients; see {@link NetworkList}. */
    record Networks() implements ValueType<List<String>> {
        @Override
        public List<String> parse(String text) {
            return ConfigWords.split(text);
        }

        @Override
        public String expected() {
            return "addresses, network/length, host names, /file, type:table, !pattern";
        }
    }

    /** How far one outcome moves a concurrency. */
    record FeedbackAmount() implements ValueType<ConcurrencyFeedback> {
        @Override
        public @Nullable ConcurrencyFeedback parse(String text) {
            return ConcurrencyFeedback.parse(text);
        }

        @Override
        public String expected() {
            return "n, n/m or n/concurrency, from 0 to 1";
        }
    }

    /** -1 for what is no number or more than 18 digits. */
    private static long digits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }
}

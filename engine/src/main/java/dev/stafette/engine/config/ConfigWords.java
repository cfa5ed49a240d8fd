// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Splits a value into the words of a list: by white space and commas, except within {@code { }}; and a row of master.cf,
 * by white space alone.
 * Thread: any (stateless).
 */
public final class ConfigWords {
    private ConfigWords() {}

    /**
     * A word in braces comes without them and without the white space just inside; one that has them further on, as
     * {@code inline:{a=b, c=d}}, keeps them.
     */
    static List<String> split(String value) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (isSeparator(c)) {
                at++;
            } else if (c == '{') {
                int close = closing(value, at, '{', '}');
                if (close < 0) {
                    throw new ConfigException("missing '}' in \"" + value.substring(at) + "\"");
                }
                words.add(LogicalLine.trim(value.substring(at + 1, close)));
                at = close + 1;
            } else {
                int end = wordEnd(value, at);
                words.add(value.substring(at, end));
                at = end;
            }
        }
        return words;
    }

    private static int wordEnd(String value, int from) {
        int depth = 0;
        int at = from;
        while (at < value.length() && (depth > 0 || !isSeparator(value.charAt(at)))) {
            char c = value.charAt(at++);
            depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
        }
        return at;
    }

    /**
     * The words of a row of master.cf, those in braces with them. What follows a brace that nothing closes goes to
     * {@code onUnclosed}, and is left out.
     */
    public static List<String> splitRow(String text, Consumer<String> onUnclosed) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (LogicalLine.isSpace(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            if (text.charAt(at) == '{') {
                int close = closing(text, at, '{', '}');
                if (close < 0) {
                    onUnclosed.accept(text.substring(at));
                    return words;
                }
                end = close + 1;
            } else {
                while (end < text.length() && !LogicalLine.isSpace(text.charAt(end))) {
                    end++;
                }
            }
            words.add(text.substring(at, end));
            at = end;
        }
        return words;
    }

    private static boolean isSeparator(char c) {
        return c == ',' || LogicalLine.isSpace(c);
    }

    /** Where the bracket at {@code from} is closed; -1 when it is not. Brackets of this kind nest. */
    public static int closing(String text, int from, char open, char close) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == open) {
                depth++;
            } else if (text.charAt(i) == close && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

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
    public static List<String> split(String value) {
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

    /** The words of a row of master.cf, with their braces; those that nothing closes go to the end. */
    public static List<String> splitRow(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (LogicalLine.isSpace(text.charAt(at))) {
                at++;
                continue;
            }
            int from = at;
            int depth = 0;
            while (at < text.length() && (depth > 0 || !LogicalLine.isSpace(text.charAt(at)))) {
                char c = text.charAt(at++);
                depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
            }
            words.add(text.substring(from, at));
        }
        return words;
    }

    /** What is in the braces that a word begins with; what is wrong with them goes to {@code problems}. */
    public static String inside(String word, Consumer<String> problems) {
        int close = closing(word, 0, '{', '}');
        if (close < 0) {
            problems.accept("missing '}' in \"" + word + "\"");
        } else if (close + 1 < word.length()) {
            problems.accept("syntax error after '}' in \"" + word + "\"");
        }
        return LogicalLine.trim(word.substring(1, close < 0 ? word.length() : close));
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

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a value into the words of a list: by white space and commas, except within {@code { }}.
 * Thread: any (stateless).
 */
final class ConfigWords {
    private ConfigWords() {}

    /** A word in braces comes without them and without the white space just inside. */
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
                int end = at;
                while (end < value.length() && !isSeparator(value.charAt(end))) {
                    end++;
                }
                words.add(value.substring(at, end));
                at = end;
            }
        }
        return words;
    }

    private static boolean isSeparator(char c) {
        return c == ',' || LogicalLine.isSpace(c);
    }

    /** Where the bracket at {@code from} is closed; -1 when it is not. Brackets of this kind nest. */
    static int closing(String text, int from, char open, char close) {
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

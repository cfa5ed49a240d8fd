// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.LogicalLine;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a row of master.cf: white space separates them, braces keep one together.
 * Thread: any (stateless).
 */
final class MasterWords {
    private MasterWords() {}

    /** With their braces. A brace that nothing closes is dropped, with a warning. */
    static List<String> split(String text, Warnings warnings) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (LogicalLine.isSpace(text.charAt(at))) {
                at++;
                continue;
            }
            int end = text.charAt(at) == '{' ? closing(text, at) : spaceFrom(text, at);
            if (end < 0) {
                warnings.warn("master.cf: missing '}' in \"" + text.substring(at) + "\"");
                return words;
            }
            words.add(text.substring(at, end));
            at = end;
        }
        return words;
    }

    private static int spaceFrom(String text, int from) {
        int end = from;
        while (end < text.length() && !LogicalLine.isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Behind the brace that closes the one at {@code from}; -1 without. */
    private static int closing(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    static boolean isBraced(String word) {
        return word.length() > 1 && word.charAt(0) == '{' && word.charAt(word.length() - 1) == '}';
    }

    static String inside(String word) {
        return LogicalLine.trim(word.substring(1, word.length() - 1));
    }

    /** In braces if it would else be several words, or none. */
    static String quoted(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (LogicalLine.isSpace(word.charAt(i))) {
                return "{" + word + "}";
            }
        }
        return word.isEmpty() ? "{}" : word;
    }
}

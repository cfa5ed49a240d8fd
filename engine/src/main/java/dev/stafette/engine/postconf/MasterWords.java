// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.ConfigWords;
import dev.stafette.engine.config.LogicalLine;
import java.util.List;

/**
 * The words of a row of master.cf: white space separates them, braces keep one together.
 * Thread: any (stateless).
 */
final class MasterWords {
    private MasterWords() {}

    /** With their braces. A brace that nothing closes is dropped, with a warning. */
    static List<String> split(String text, Warnings warnings) {
        return ConfigWords.splitRow(text, rest -> warnings.warn("master.cf: missing '}' in \"" + rest + "\""));
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

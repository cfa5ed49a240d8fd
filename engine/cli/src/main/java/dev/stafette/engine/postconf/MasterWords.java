// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.LogicalLine;

/**
 * The words of a row of master.cf, and their braces.
 * Thread: any (stateless).
 */
final class MasterWords {
    private MasterWords() {}

    /** What the braces of a word are around; of braces that are wrong as much as there is, with a warning. */
    static String inside(String word, Warnings warnings) {
        return ConfigWords.inside(word, problem -> warnings.warn("master.cf: " + problem));
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

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The elements of a list of patterns in order, with the files it names read in.
 * Thread: any (a value).
 *
 * <p>{@code !} before a pattern, or before a file, turns what a match means; the first pattern that matches decides.
 */
final class Patterns {
    /** A file that names itself is a mistake that must end. */
    private static final int NESTING_MAX = 10;

    private Patterns() {}

    /** {@code negated}: what matches it is not in the list. */
    record Pattern(String text, boolean negated) {
        /** {@code type:table}; an address has its colons in brackets, or is told apart before. */
        boolean isTable() {
            return text.indexOf(':') > 0 && text.charAt(0) != '[';
        }

        /** What is no table is the same in any case. */
        String folded() {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    static List<Pattern> of(List<String> words, Host host) {
        List<Pattern> patterns = new ArrayList<>();
        collect(words, false, host, 0, patterns);
        return patterns;
    }

    private static void collect(List<String> words, boolean negated, Host host, int nesting, List<Pattern> to) {
        for (String word : words) {
            int bangs = 0;
            while (bangs < word.length() && word.charAt(bangs) == '!') {
                bangs++;
            }
            String text = word.substring(bangs);
            boolean turned = negated ^ (bangs & 1) == 1;
            if (text.isEmpty()) {
                throw new ConfigException("'!' (expected: a pattern behind it)");
            }
            if (text.charAt(0) == '/') {
                collect(wordsOf(text, host, nesting), turned, host, nesting + 1, to);
            } else {
                to.add(new Pattern(text, turned));
            }
        }
    }

    private static List<String> wordsOf(String file, Host host, int nesting) {
        if (nesting == NESTING_MAX) {
            throw new ConfigException(file + " (expected: files that do not name each other in a circle)");
        }
        List<String> words = new ArrayList<>();
        try {
            for (LogicalLine line : LogicalLine.split(host.read(Path.of(file)))) {
                words.addAll(ConfigWords.split(line.text()));
            }
        } catch (IOException e) {
            throw new ConfigException(file + " (expected: a file that can be read): " + e.getMessage());
        }
        return words;
    }
}

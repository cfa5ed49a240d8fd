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
public final class Patterns {
    /** A file that names itself is a mistake that must end. */
    private static final int NESTING_MAX = 10;

    private Patterns() {}

    /** Reads the files that a list names. */
    public interface TextSource {
        String read(Path file) throws IOException;
    }

    /** {@code negated}: what matches it is not in the list. */
    public record Pattern(String text, boolean negated) {
        /** {@code type:table}; an address has its colons in brackets, or is told apart before. */
        public boolean isTable() {
            return text.indexOf(':') > 0 && text.charAt(0) != '[';
        }

        /** What is no table is the same in any case. */
        public String folded() {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    /** Throws a ConfigException for what is no pattern, and for a file that cannot be read. */
    public static List<Pattern> of(List<String> words, TextSource files) {
        List<Pattern> patterns = new ArrayList<>();
        collect(words, false, files, 0, patterns);
        return patterns;
    }

    private static void collect(List<String> words, boolean negated, TextSource files, int nesting, List<Pattern> to) {
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
                collect(wordsOf(text, files, nesting), turned, files, nesting + 1, to);
            } else {
                to.add(new Pattern(text, turned));
            }
        }
    }

    private static List<String> wordsOf(String file, TextSource files, int nesting) {
        if (nesting == NESTING_MAX) {
            throw new ConfigException(file + " (expected: files that do not name each other in a circle)");
        }
        List<String> words = new ArrayList<>();
        try {
            for (LogicalLine line : LogicalLine.split(files.read(Path.of(file)))) {
                words.addAll(ConfigWords.split(line.text()));
            }
        } catch (IOException e) {
            throw new ConfigException(file + " (expected: a file that can be read): " + e.getMessage());
        }
        return words;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a list of patterns in order, with the files it names read in.
 * Thread: any (a value).
 *
 * <p>{@code !} before a pattern, or before a file, turns what a match means; the first pattern that matches decides.
 */
public final class Patterns {
    /** In place of a file that cannot be read stands a table of this type, which cannot be, either. */
    public static final String UNREADABLE_TYPE = "non-existent";

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

    /** Throws a ConfigException for what is no pattern. */
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
                String content = contentOf(text, files, nesting);
                if (content == null) {
                    to.add(new Pattern(UNREADABLE_TYPE + ":" + text, turned));
                } else {
                    collect(wordsOf(content), turned, files, nesting + 1, to);
                }
            } else {
                to.add(new Pattern(text, turned));
            }
        }
    }

    private static @Nullable String contentOf(String file, TextSource files, int nesting) {
        if (nesting == NESTING_MAX) {
            throw new ConfigException(file + " (expected: files that do not name each other in a circle)");
        }
        try {
            return files.read(Path.of(file));
        } catch (IOException e) {
            return null;
        }
    }

    private static List<String> wordsOf(String content) {
        List<String> words = new ArrayList<>();
        for (LogicalLine line : LogicalLine.split(content)) {
            words.addAll(ConfigWords.split(line.text()));
        }
        return words;
    }

    /** The files that a list names and that cannot be read, with the reason, as {@code /x: No such file or directory}. */
    public static List<String> unreadable(List<String> words, TextSource files) {
        List<String> unreadable = new ArrayList<>();
        of(words, file -> {
            try {
                return files.read(file);
            } catch (IOException e) {
                unreadable.add(file + ": " + reason(e));
                throw e;
            }
        });
        return unreadable;
    }

    /** Why a file cannot be read, in the system's words. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        return e instanceof AccessDeniedException ? "Permission denied" : String.valueOf(e.getMessage());
    }
}

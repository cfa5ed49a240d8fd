// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits what stands in the braces of {@code type:{ ... }}: by commas and white space, but not within further braces.
 * Thread: any (stateless).
 */
public final class BraceWords {
    private BraceWords() {}

    /** The text within the braces that {@code text} consists of; throws what is wrong, in Postfix's words. */
    public static String inside(String text) {
        if (text.isEmpty() || text.charAt(0) != '{') {
            throw new ConfigException("no '{' at start of text in \"" + text + "\"");
        }
        int close = ConfigWords.closing(text, 0, '{', '}');
        if (close < 0) {
            throw new ConfigException("missing '}' in \"" + text + "\"");
        }
        if (!text.substring(close + 1).isBlank()) {
            throw new ConfigException("syntax error after '}' in \"" + text + "\"");
        }
        return LogicalLine.trim(text.substring(1, close));
    }

    /** Words keep their own braces. */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (isSeparator(text.charAt(at))) {
                at++;
                continue;
            }
            int from = at;
            int depth = 0;
            while (at < text.length() && (depth > 0 || !isSeparator(text.charAt(at)))) {
                if (text.charAt(at) == '{') {
                    depth++;
                } else if (text.charAt(at) == '}') {
                    depth--;
                }
                at++;
            }
            words.add(text.substring(from, at));
        }
        return words;
    }

    private static boolean isSeparator(char c) {
        return c == ',' || SourceLines.isSpace(c);
    }
}

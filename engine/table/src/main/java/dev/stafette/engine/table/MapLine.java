// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.Locale;

/**
 * A line of a table's source: {@code key value}. A key with white space in it stands in quotes, which belong to it, as
 * they do to the address that is looked up.
 * Thread: any (a value).
 *
 * @param value may be empty
 */
public record MapLine(String key, String value) {

    /** Throws an {@link UnbalancedException} for a quote that is not closed. */
    public static MapLine parse(String line) throws UnbalancedException {
        StringBuilder key = new StringBuilder();
        boolean quoted = false;
        int at = 0;
        while (at < line.length() && (quoted || !SourceLines.isSpace(line.charAt(at)))) {
            char c = line.charAt(at++);
            if (c == '"') {
                quoted = !quoted;
            }
            key.append(c);
            if (c == '\\' && at < line.length()) {
                key.append(line.charAt(at++));
            }
        }
        if (quoted) {
            throw new UnbalancedException();
        }
        return new MapLine(key.toString(), LogicalLine.trim(line.substring(at)));
    }

    /** Without a stack: a line of input, not a fault of ours. */
    public static final class UnbalancedException extends Exception {
        private static final long serialVersionUID = 1;

        UnbalancedException() {
            super("unbalanced quote", null, false, false);
        }
    }

    /** Without differences of case, in the way of Unicode's full case folding: ß is ss. */
    public static String fold(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) >= 128) {
                return CaseFolding.of(key);
            }
        }
        return key.toLowerCase(Locale.ROOT);
    }

    /** Whether it looks like a line of aliases(5), where the name ends in a colon. */
    public boolean isLikeAlias() {
        return key.endsWith(":");
    }
}

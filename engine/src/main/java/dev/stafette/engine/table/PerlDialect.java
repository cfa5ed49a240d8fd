// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of {@code pcre:} tables: those of Perl, which Java's are close to; {@link PerlPattern} has what differs.
 * Thread: any (stateless).
 *
 * <p>Recursion, conditions and {@code \K} are what Java has nothing for: such a rule is left out with a warning.
 */
final class PerlDialect implements PatternDialect {
    @Override
    public Compiled compile(String pattern, String flags) {
        int options = Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.UNIX_LINES;
        boolean anchored = false;
        boolean lazy = false;
        boolean endOnly = false;
        for (char flag : flags.toCharArray()) {
            switch (flag) {
                case 'i' -> options ^= Pattern.CASE_INSENSITIVE;
                case 'm' -> options ^= Pattern.MULTILINE;
                case 's' -> options ^= Pattern.DOTALL;
                case 'x' -> options ^= Pattern.COMMENTS;
                case 'A' -> anchored = !anchored;
                case 'E' -> endOnly = !endOnly;
                case 'U' -> lazy = !lazy;
                case 'X' -> {
                    // Strictness about escapes, which Java has anyway.
                }
                default -> throw new FlagException(flag);
            }
        }
        boolean byLine = (options & Pattern.MULTILINE) != 0;
        String java = new PerlPattern(pattern, lazy, endOnly && !byLine, (options & Pattern.CASE_INSENSITIVE) != 0)
                .translated();
        return new Compiled(Pattern.compile(java, options), anchored);
    }

    @Override
    public String unterminated() {
        return "ignoring";
    }

    @Override
    public String describe(PatternSyntaxException e) {
        String why = e.getDescription().equals("Unclosed group") ? "missing closing parenthesis" : e.getDescription();
        return "error in regex at offset " + Math.max(0, e.getIndex()) + ": " + why;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of {@code regexp:} tables: POSIX extended regular expressions as glibc reads them, made into Java's.
 * Thread: any (stateless).
 *
 * <p>What matches is the same; of several matches at one place POSIX takes the longest and Java the first alternative,
 * which shows only in {@code $1} and the like.
 */
final class PosixDialect implements PatternDialect {
    @Override
    public String flags() {
        return "imx";
    }

    @Override
    public String obsoleteFlags() {
        return "";
    }

    @Override
    public boolean hasSecondPattern() {
        return true;
    }

    @Override
    public Compiled compile(String pattern, String flags) {
        boolean ignoresCase = true;
        boolean byLine = false;
        boolean basic = false;
        for (char flag : flags.toCharArray()) {
            switch (flag) {
                case 'i' -> ignoresCase = !ignoresCase;
                case 'm' -> byLine = !byLine;
                case 'x' -> basic = !basic;
                default -> throw new IllegalArgumentException(flags);
            }
        }
        int options = (ignoresCase ? Pattern.CASE_INSENSITIVE : 0)
                | (byLine ? Pattern.MULTILINE | Pattern.UNIX_LINES : Pattern.DOTALL);
        String java = new PosixPattern(pattern, basic, byLine, ignoresCase).translated();
        return new Compiled(Pattern.compile(java, options), false);
    }

    @Override
    public String outOfRange() {
        return "out-of-range";
    }

    @Override
    public String unterminated() {
        return "skipping";
    }

    @Override
    public String describe(PatternSyntaxException e) {
        return e.getDescription();
    }
}

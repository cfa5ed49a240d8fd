// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

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
    public String flags() {
        return "imsxAEUX";
    }

    @Override
    public String obsoleteFlags() {
        return "X";
    }

    @Override
    public boolean hasSecondPattern() {
        return false;
    }

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
                    // Strictness about escapes, which Java has anyway, as the library that Postfix has today.
                }
                default -> throw new IllegalArgumentException(flags);
            }
        }
        boolean byLine = (options & Pattern.MULTILINE) != 0;
        var perl = new PerlPattern(
                pattern,
                lazy,
                endOnly,
                byLine,
                (options & Pattern.CASE_INSENSITIVE) != 0,
                (options & Pattern.COMMENTS) != 0);
        Pattern compiled = Pattern.compile(perl.translated(), options);
        perl.checkReferences(compiled.matcher("").groupCount());
        return new Compiled(compiled, anchored);
    }

    @Override
    public String outOfRange() {
        return "out of range";
    }

    @Override
    public String unterminated() {
        return "ignoring";
    }

    @Override
    public String describe(PatternSyntaxException e) {
        String why = switch (e.getDescription()) {
            case "Unclosed group" -> "missing closing parenthesis";
            case "Unmatched [, [^, [:, [., or [=", "Unclosed character class" ->
                "missing terminating ] for character class";
            default ->
                e.getDescription().startsWith("Dangling meta character")
                        ? "quantifier does not follow a repeatable item"
                        : e.getDescription();
        };
        return "error in regex at offset " + Math.max(0, e.getIndex()) + ": " + why;
    }
}

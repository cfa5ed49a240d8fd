// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.table.SourceLines;
import dev.stafette.engine.table.file.RuleSource;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rules of a table of patterns. What is wrong with one is said, and the others hold, as in Postfix.
 * Thread: the one that opens the table.
 *
 * <pre>
 * /pattern/flags result      $1 ${1} $(1) is what the first group matched, $$ a dollar sign
 * !/pattern/flags result     for what does not match
 * if /pattern/flags ... endif
 * if !/pattern/flags ... endif
 * /pattern/flags!/pattern/flags result   in regexp: for what matches the first and not the second
 * </pre>
 */
final class PatternRules {
    private static final String SKIPPING = ": skipping this rule";

    private final RuleSource source;
    private final PatternDialect dialect;
    private final Consumer<String> warnings;
    private final RuleList.Builder<BoundedText> builder = new RuleList.Builder<>();

    PatternRules(RuleSource source, PatternDialect dialect, Consumer<String> warnings) {
        this.source = source;
        this.dialect = dialect;
        this.warnings = warnings;
    }

    /** A pattern as it is written, and where the rule goes on. */
    private record Written(String text, String flags, boolean negated, int end) {}

    private record Pattern(PatternDialect.Compiled compiled, boolean negated) {
        @Nullable
        Matcher match(BoundedText text) {
            text.restart();
            Matcher matcher = compiled.pattern().matcher(text);
            boolean matches = compiled.anchored() ? matcher.lookingAt() : matcher.find();
            return matches == negated ? null : matcher;
        }

        int groupCount() {
            return compiled.pattern().matcher("").groupCount();
        }
    }

    /** {@code second}: must match as well. */
    private record MatchRule(Pattern pattern, @Nullable Pattern second, PatternResult result)
            implements RuleList.Rule<BoundedText> {
        @Override
        public @Nullable String answer(BoundedText text) {
            Matcher matcher = pattern.match(text);
            return matcher == null || second != null && second.match(text) == null ? null : result.of(matcher);
        }
    }

    private record Condition(Pattern pattern) implements RuleList.Rule<BoundedText> {
        @Override
        public @Nullable String answer(BoundedText text) {
            return pattern.match(text) == null ? null : "";
        }
    }

    RuleList<BoundedText> parse() {
        for (RuleSource.Rule rule : source.rules()) {
            String text = rule.text();
            if (RuleList.isKeyword(text, "if")) {
                addCondition(rule, text.substring(2));
            } else if (RuleList.isKeyword(text, "endif")) {
                endCondition(rule, LogicalLine.trim(text.substring("endif".length())));
            } else if (Character.isLetterOrDigit(text.charAt(0))) {
                warn(rule, "ignoring unrecognized request");
            } else {
                add(rule, text);
            }
        }
        builder.warnOfOpen(source, warnings);
        return builder.build();
    }

    private void warn(RuleSource.Rule rule, String text) {
        warnings.accept(source.at(rule) + text);
    }

    private void add(RuleSource.Rule rule, String text) {
        Written first = written(rule, text, 0);
        if (first == null) {
            return;
        }
        boolean hasSecond = dialect.hasSecondPattern() && text.startsWith("!", first.end());
        Written second = hasSecond ? written(rule, text, first.end()) : null;
        if (hasSecond && second == null) {
            return;
        }
        String replacement = LogicalLine.trim(text.substring(second == null ? first.end() : second.end()));
        if (replacement.isEmpty()) {
            warn(rule, "no replacement text: using empty string");
        }
        PatternResult result;
        try {
            result = PatternResult.parse(replacement, dialect, warnings, why -> warn(rule, why));
        } catch (PatternResult.BadException e) {
            warn(rule, e.getMessage() + SKIPPING);
            return;
        }
        if (result.groupMax() > 0 && first.negated()) {
            warn(rule, "$number found in negative match replacement text" + SKIPPING);
            return;
        }
        Pattern pattern = compiled(rule, first);
        if (pattern == null) {
            return;
        }
        if (result.groupMax() > pattern.groupCount()) {
            warn(rule, "out of range replacement index \"" + result.groupMax() + "\"" + SKIPPING);
            return;
        }
        Pattern also = second == null ? null : compiled(rule, second);
        if (second == null || also != null) {
            builder.add(new MatchRule(pattern, also, result));
        }
    }

    private void addCondition(RuleSource.Rule rule, String text) {
        Written written = written(rule, text, 0);
        if (written == null) {
            return;
        }
        String rest = LogicalLine.trim(text.substring(written.end()));
        if (!rest.isEmpty()) {
            warn(rule, "ignoring extra text after IF statement: \"" + rest + "\"");
            warn(rule, "do not prepend whitespace to statements between IF and ENDIF");
        }
        Pattern pattern = compiled(rule, written);
        if (pattern != null) {
            builder.startIf(new Condition(pattern), rule);
        }
    }

    private void endCondition(RuleSource.Rule rule, String rest) {
        if (!builder.endIf()) {
            warn(rule, "ignoring ENDIF without matching IF");
        } else if (!rest.isEmpty()) {
            warn(rule, "ignoring extra text after ENDIF");
        }
    }

    /** Null when there is none, or a flag is unknown, which has been said. */
    private @Nullable Written written(RuleSource.Rule rule, String text, int from) {
        int at = from;
        boolean negated = false;
        while (at < text.length() && (text.charAt(at) == '!' || SourceLines.isSpace(text.charAt(at)))) {
            negated ^= text.charAt(at++) == '!';
        }
        if (at == text.length()) {
            warn(rule, "no regexp" + SKIPPING);
            return null;
        }
        char delimiter = text.charAt(at);
        int end = endOfPattern(text, at + 1, delimiter);
        if (end >= text.length()) {
            char shown = delimiter < 128 ? delimiter : '?';
            warn(rule, "no closing regexp delimiter \"" + shown + "\": " + dialect.unterminated() + " this rule");
            return null;
        }
        int flagsEnd = end + 1;
        while (flagsEnd < text.length() && !endsFlags(text.charAt(flagsEnd))) {
            char flag = text.charAt(flagsEnd++);
            if (dialect.flags().indexOf(flag) < 0) {
                warn(rule, "unknown regexp option \"" + flag + "\"" + SKIPPING);
                return null;
            }
            if (dialect.obsoleteFlags().indexOf(flag) >= 0) {
                warn(rule, "ignoring obsolete regexp option \"" + flag + "\"");
            }
        }
        return new Written(text.substring(at + 1, end), text.substring(end + 1, flagsEnd), negated, flagsEnd);
    }

    /** Where the delimiter is that no backslash makes part of the pattern; the end of the text or beyond: nowhere. */
    private static int endOfPattern(String text, int from, char delimiter) {
        int end = from;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c == '\\') {
                end += 2;
            } else if (c == delimiter) {
                break;
            } else {
                end++;
            }
        }
        return end;
    }

    private boolean endsFlags(char c) {
        return SourceLines.isSpace(c) || dialect.hasSecondPattern() && c == '!';
    }

    /** Null when it is wrong, which has been said. */
    private @Nullable Pattern compiled(RuleSource.Rule rule, Written written) {
        try {
            return new Pattern(dialect.compile(written.text(), written.flags()), written.negated());
        } catch (PatternSyntaxException e) {
            warn(rule, dialect.describe(e));
            return null;
        }
    }
}

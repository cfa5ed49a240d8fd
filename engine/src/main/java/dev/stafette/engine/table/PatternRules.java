// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

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

    /** The pattern of a rule, and what stands behind it. */
    private record Pattern(PatternDialect.Compiled compiled, boolean negated, String rest) {
        @Nullable
        Matcher match(BoundedText text) {
            text.restart();
            Matcher matcher = compiled.pattern().matcher(text);
            boolean matches = compiled.anchored() ? matcher.lookingAt() : matcher.find();
            return matches == negated ? null : matcher;
        }
    }

    private record MatchRule(Pattern pattern, PatternResult result) implements RuleList.Rule<BoundedText> {
        @Override
        public @Nullable String answer(BoundedText text) {
            Matcher matcher = pattern.match(text);
            return matcher == null ? null : result.of(matcher);
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
                endCondition(rule, text.substring("endif".length()).strip());
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
        Pattern pattern = pattern(rule, text);
        if (pattern == null) {
            return;
        }
        if (pattern.rest().isEmpty()) {
            warn(rule, "no replacement text: using empty string");
        }
        PatternResult result;
        try {
            int groupCount = pattern.compiled().pattern().matcher("").groupCount();
            result = PatternResult.parse(pattern.rest(), groupCount, pattern.negated());
        } catch (PatternResult.BadException e) {
            if (!e.before().isEmpty()) {
                warn(rule, e.before());
            }
            warn(rule, e.getMessage() + SKIPPING);
            return;
        }
        builder.add(new MatchRule(pattern, result));
    }

    private void addCondition(RuleSource.Rule rule, String text) {
        Pattern pattern = pattern(rule, text);
        if (pattern == null) {
            return;
        }
        if (!pattern.rest().isEmpty()) {
            warn(rule, "ignoring extra text after IF statement: \"" + pattern.rest() + "\"");
            warn(rule, "do not prepend whitespace to statements between IF and ENDIF");
        }
        builder.startIf(new Condition(pattern), rule);
    }

    private void endCondition(RuleSource.Rule rule, String rest) {
        if (!builder.endIf()) {
            warn(rule, "ignoring ENDIF without matching IF");
        } else if (!rest.isEmpty()) {
            warn(rule, "ignoring extra text after ENDIF");
        }
    }

    private @Nullable Pattern pattern(RuleSource.Rule rule, String text) {
        int at = 0;
        boolean negated = false;
        while (at < text.length() && (text.charAt(at) == '!' || SourceLines.isSpace(text.charAt(at)))) {
            negated ^= text.charAt(at++) == '!';
        }
        if (at == text.length()) {
            warn(rule, "no regexp" + SKIPPING);
            return null;
        }
        char delimiter = text.charAt(at);
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != delimiter) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            warn(rule, "no closing regexp delimiter \"" + delimiter + "\": " + dialect.unterminated() + " this rule");
            return null;
        }
        int flagsEnd = end + 1;
        while (flagsEnd < text.length() && !SourceLines.isSpace(text.charAt(flagsEnd))) {
            flagsEnd++;
        }
        String rest = text.substring(flagsEnd).strip();
        try {
            return new Pattern(
                    dialect.compile(text.substring(at + 1, end), text.substring(end + 1, flagsEnd)), negated, rest);
        } catch (PatternDialect.FlagException e) {
            warn(rule, e.getMessage() + SKIPPING);
        } catch (PatternSyntaxException e) {
            warn(rule, dialect.describe(e));
        }
        return null;
    }
}

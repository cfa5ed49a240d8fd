// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import dev.stafette.engine.config.syntax.ConfigWords;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * The right-hand side of a rule with a pattern: text, and what groups matched.
 * Thread: any (it does not change).
 */
final class PatternResult {
    private static final int NUMBER_MAX = 100_000;

    /** Text before each group, and behind the last: one more than there are groups. */
    private final List<String> texts;

    private final int[] groups;

    private PatternResult(List<String> texts, List<Integer> groups) {
        this.texts = texts;
        this.groups = groups.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Of which the warnings have been said. */
    static final class BadException extends Exception {
        private static final long serialVersionUID = 1;

        BadException() {
            super("bad replacement syntax", null, false, false);
        }
    }

    /**
     * {@code $1}, <code>${1}</code>, {@code $(1)}, and {@code $$} for a dollar sign. What is wrong is said in Postfix's
     * words: to {@code ofText}, which does not say where, or to {@code ofRule}.
     */
    static PatternResult parse(String text, PatternDialect dialect, Consumer<String> ofText, Consumer<String> ofRule)
            throws BadException {
        List<String> texts = new ArrayList<>();
        List<Integer> groups = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        boolean isGood = true;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '$') {
                plain.append(c);
                continue;
            }
            if (at < text.length() && text.charAt(at) == '$') {
                plain.append('$');
                at++;
                continue;
            }
            boolean isBracketed = at < text.length() && (text.charAt(at) == '{' || text.charAt(at) == '(');
            int end = endOfName(text, at);
            if (end < 0) {
                ofText.accept("truncated macro reference: \"" + text + "\"");
            }
            if (end < 0 || isBracketed && !isGood) {
                throw new BadException();
            }
            String name = isBracketed ? text.substring(at + 1, end - 1) : text.substring(at, end);
            if (name.isEmpty()) {
                ofText.accept("empty macro name: \"" + text + "\"");
                throw new BadException();
            }
            int group = number(name, dialect, ofRule);
            isGood &= group > 0;
            groups.add(group);
            texts.add(plain.toString());
            plain.setLength(0);
            at = end;
        }
        if (!isGood) {
            throw new BadException();
        }
        texts.add(plain.toString());
        return new PatternResult(texts, groups);
    }

    /** Behind the closing bracket, if there are any; negative when it is not there. */
    private static int endOfName(String text, int from) {
        char open = from < text.length() ? text.charAt(from) : 0;
        if (open == '{' || open == '(') {
            int close = ConfigWords.closing(text, from, open, open == '{' ? '}' : ')');
            return close < 0 ? close : close + 1;
        }
        int end = from;
        while (end < text.length() && isNameChar(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    /** 0 when it is none, which has been said. */
    private static int number(String name, PatternDialect dialect, Consumer<String> ofRule) {
        int number = 0;
        for (int i = 0; i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                ofRule.accept("non-numeric replacement index \"" + name + "\"");
                return 0;
            }
            number = Math.min(number * 10 + digit, NUMBER_MAX);
        }
        if (number == 0) {
            ofRule.accept(dialect.outOfRange() + " replacement index \"" + name + "\"");
        }
        return number;
    }

    /** The highest of the groups; 0 when there are none. */
    int groupMax() {
        int max = 0;
        for (int group : groups) {
            max = Math.max(max, group);
        }
        return max;
    }

    String of(Matcher matcher) {
        if (groups.length == 0) {
            return texts.get(0);
        }
        StringBuilder text = new StringBuilder(texts.get(0));
        for (int i = 0; i < groups.length; i++) {
            @Nullable String matched = matcher.group(groups[i]);
            text.append(matched == null ? "" : matched).append(texts.get(i + 1));
        }
        return text.toString();
    }
}

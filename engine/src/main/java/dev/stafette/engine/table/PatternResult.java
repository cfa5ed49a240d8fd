// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * The right-hand side of a rule with a pattern: text, and what groups matched.
 * Thread: any (it does not change).
 */
final class PatternResult {
    /** Text before each group, and behind the last: one more than there are groups. */
    private final List<String> texts;

    private final int[] groups;

    private PatternResult(List<String> texts, List<Integer> groups) {
        this.texts = texts;
        this.groups = groups.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What is wrong with it, in Postfix's words; some of it in two warnings. */
    static final class BadException extends Exception {
        private static final long serialVersionUID = 1;

        private final String before;

        BadException(String before, String message) {
            super(message, null, false, false);
            this.before = before;
        }

        /** Empty when there is one warning only. */
        String before() {
            return before;
        }
    }

    private static final String BAD_SYNTAX = "bad replacement syntax";

    static PatternResult parse(String text, int groupCount, boolean negated) throws BadException {
        List<String> texts = new ArrayList<>();
        List<Integer> groups = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
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
            String name = nameAt(text, at);
            at += name.length();
            groups.add(number(name, groupCount, negated));
            texts.add(plain.toString());
            plain.setLength(0);
        }
        texts.add(plain.toString());
        return new PatternResult(texts, groups);
    }

    /** With its brackets. */
    private static String nameAt(String text, int from) throws BadException {
        char open = from < text.length() ? text.charAt(from) : 0;
        int end = from;
        if (open == '{' || open == '(') {
            end = text.indexOf(open == '{' ? '}' : ')', from) + 1;
            if (end == 0) {
                throw new BadException("truncated macro reference: \"" + text + "\"", BAD_SYNTAX);
            }
        } else {
            while (end < text.length() && isNameChar(text.charAt(end))) {
                end++;
            }
        }
        if (end == from || open == '{' && end == from + 2) {
            throw new BadException("empty macro name: \"" + text + "\"", BAD_SYNTAX);
        }
        return text.substring(from, end);
    }

    private static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private static int number(String name, int groupCount, boolean negated) throws BadException {
        boolean bracketed = name.charAt(0) == '{' || name.charAt(0) == '(';
        String digits = bracketed ? name.substring(1, name.length() - 1) : name;
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new BadException("non-numeric replacement index \"" + digits + "\"", BAD_SYNTAX);
            }
            number = Math.min(number * 10 + digit, 100_000);
        }
        if (negated) {
            throw new BadException("", "$number found in negative match replacement text");
        }
        if (number < 1 || number > groupCount) {
            throw new BadException("", "out of range replacement index \"" + digits + "\"");
        }
        return number;
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

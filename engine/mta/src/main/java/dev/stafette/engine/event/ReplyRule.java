// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A line of the rules: what a reply must be like to be of a class.
 * Thread: any (it does not change).
 *
 * @param className in lower case
 * @param codes {@code 550}, {@code 5xx}; none: any, or no code at all
 * @param statuses {@code 5.1.1}, {@code x.1.x}; none: any, or none at all
 * @param servers domains of the server that says it, with all below them; none: any
 * @param text is found in what it says; null: anything
 */
record ReplyRule(
        String className,
        List<String> codes,
        List<String> statuses,
        List<String> servers,
        @Nullable WordPattern text) {
    private static final Pattern CLASS = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /** An IllegalArgumentException says what is wrong. */
    static ReplyRule parse(String line) {
        String[] words = line.strip().split("\\s+", 2);
        if (!CLASS.matcher(words[0]).matches() || words.length < 2) {
            throw new IllegalArgumentException("'" + line + "' (expected: a class and conditions)");
        }
        List<String> codes = new ArrayList<>();
        List<String> statuses = new ArrayList<>();
        List<String> servers = new ArrayList<>();
        WordPattern text = null;
        String rest = words[1];
        while (!rest.isEmpty() && text == null) {
            String[] pair = rest.split("\\s+", 2);
            if (pair.length < 2) {
                throw new IllegalArgumentException("'" + rest + "' (expected: code, status, mx or text, and a value)");
            }
            String[] value = pair[1].split("\\s+", 2);
            rest = value.length < 2 ? "" : value[1];
            switch (pair[0]) {
                case "code" -> codes.addAll(patterns(value[0], "[245][0-9x]{2}", "550 or 5xx"));
                case "status" ->
                    statuses.addAll(patterns(value[0], "[245x]\\.(\\d{1,3}|x)\\.(\\d{1,3}|x)", "5.1.1 or x.1.x"));
                case "mx" ->
                    servers.addAll(List.of(value[0].toLowerCase(Locale.ROOT).split(",")));
                case "text" -> text = compiled(pair[1]);
                default -> throw new IllegalArgumentException("'" + pair[0] + "' (expected: code, status, mx or text)");
            }
        }
        return new ReplyRule(words[0], codes, statuses, servers, text);
    }

    private static List<String> patterns(String list, String form, String expected) {
        List<String> all = List.of(list.split(","));
        if (!all.stream().allMatch(one -> one.matches(form))) {
            throw new IllegalArgumentException("'" + list + "' (expected: " + expected + ")");
        }
        return all;
    }

    private static WordPattern compiled(String regex) {
        try {
            return WordPattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + regex + "': " + e.getDescription(), e);
        }
    }

    /** {@code code}: three digits; empty: there is none. */
    boolean fits(String code, @Nullable EnhancedStatus status, String server, String said, String lowerCase) {
        return (codes.isEmpty() || codes.stream().anyMatch(one -> isOfCode(one, code)))
                && (statuses.isEmpty() || status != null && statuses.stream().anyMatch(one -> isOfStatus(one, status)))
                && (servers.isEmpty() || servers.stream().anyMatch(one -> isBelow(one, server)))
                && (text == null || text.isIn(said, lowerCase));
    }

    private static boolean isOfCode(String pattern, String code) {
        if (code.length() != pattern.length()) {
            return false;
        }
        for (int i = 0; i < code.length(); i++) {
            if (pattern.charAt(i) != 'x' && pattern.charAt(i) != code.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfStatus(String pattern, EnhancedStatus status) {
        int first = pattern.indexOf('.');
        int second = pattern.indexOf('.', first + 1);
        return isNumber(pattern.substring(0, first), status.statusClass())
                && isNumber(pattern.substring(first + 1, second), status.subject())
                && isNumber(pattern.substring(second + 1), status.detail());
    }

    private static boolean isNumber(String pattern, int number) {
        return pattern.equals("x") || pattern.equals(String.valueOf(number));
    }

    private static boolean isBelow(String domain, String server) {
        return server.equals(domain) || server.endsWith("." + domain);
    }
}

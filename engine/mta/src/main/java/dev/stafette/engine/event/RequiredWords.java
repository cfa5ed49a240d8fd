// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Words without which a regular expression fits no text: to look for those costs a hundredth of trying the expression at each
 * place.
 * Thread: any.
 */
final class RequiredWords {
    private static final String ENDS_RUN = "^$.+";

    private final String regex;

    // While it is read.
    private int at;
    private Set<String> best = Set.of();
    private final StringBuilder run = new StringBuilder();

    private RequiredWords(String regex) {
        this.regex = regex;
    }

    /** In lower case; a text that the expression fits has one of them at least. None: nothing can be said. */
    static Set<String> of(String regex) {
        Set<String> all = new TreeSet<>();
        for (String alternative : alternatives(regex)) {
            Set<String> words = new RequiredWords(alternative).read();
            if (words.isEmpty()) {
                return Set.of();
            }
            all.addAll(words);
        }
        return all;
    }

    /** What stands between the bars that are in no group. */
    static List<String> alternatives(String regex) {
        List<String> all = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < regex.length(); i++) {
            switch (regex.charAt(i)) {
                case '\\' -> i++;
                case '[' -> i = classEnd(regex, i);
                case '(' -> depth++;
                case ')' -> depth--;
                case '|' -> {
                    if (depth == 0) {
                        all.add(regex.substring(from, i));
                        from = i + 1;
                    }
                }
                default -> {
                    continue;
                }
            }
        }
        all.add(regex.substring(from));
        return all;
    }

    private static int classEnd(String regex, int from) {
        int i = from + 1;
        // A bracket that stands first is one of the class.
        i += i < regex.length() && regex.charAt(i) == '^' ? 2 : 1;
        while (i < regex.length() && regex.charAt(i) != ']') {
            i += regex.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, regex.length() - 1);
    }

    private static int groupEnd(String regex, int from) {
        int depth = 0;
        for (int i = from; i < regex.length(); i++) {
            switch (regex.charAt(i)) {
                case '\\' -> i++;
                case '[' -> i = classEnd(regex, i);
                case '(' -> depth++;
                case ')' -> {
                    depth--;
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> {
                    continue;
                }
            }
        }
        return regex.length() - 1;
    }

    /** One alternative: what must be in it, one behind the other. */
    private Set<String> read() {
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '(') {
                group();
            } else if (c == '[') {
                endRun();
                at = classEnd(regex, at) + 1;
                skipQuantifier();
            } else if (c == '\\') {
                escape();
            } else if (isQuantifier()) {
                skipQuantifier();
            } else if (ENDS_RUN.indexOf(c) >= 0) {
                endRun();
                at++;
                skipQuantifier();
            } else {
                literal(c);
                at++;
                endOfLiteral();
            }
        }
        endRun();
        return best;
    }

    private void escape() {
        char c = at + 1 < regex.length() ? regex.charAt(at + 1) : '\\';
        at += 2;
        if (Character.isLetterOrDigit(c)) {
            endRun();
            skipQuantifier();
        } else {
            literal(c);
            endOfLiteral();
        }
    }

    private void literal(char c) {
        run.append(c);
    }

    /** What may not be there does not count. */
    private void endOfLiteral() {
        if (isOptional()) {
            run.setLength(run.length() - 1);
        }
        if (isQuantifier()) {
            endRun();
            skipQuantifier();
        }
    }

    private void group() {
        endRun();
        int end = groupEnd(regex, at);
        String inner = regex.substring(at + 1, end);
        boolean isPlain = !inner.startsWith("?") || inner.startsWith("?:");
        at = end + 1;
        if (isPlain && !isOptional()) {
            offer(of(inner.startsWith("?:") ? inner.substring(2) : inner));
        }
        skipQuantifier();
    }

    private boolean isQuantifier() {
        return at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0;
    }

    private boolean isOptional() {
        return at < regex.length()
                && (regex.charAt(at) == '?' || regex.charAt(at) == '*' || regex.startsWith("{0", at));
    }

    private void skipQuantifier() {
        if (isQuantifier()) {
            at = regex.charAt(at) == '{' ? regex.indexOf('}', at) + 1 : at + 1;
            // It may be possessive or reluctant.
            at += at < regex.length() && "?+".indexOf(regex.charAt(at)) >= 0 ? 1 : 0;
        }
    }

    private void endRun() {
        if (run.length() > 0) {
            offer(Set.of(run.toString().toLowerCase(Locale.ROOT)));
            run.setLength(0);
        }
    }

    /** The longer the shortest word is, the more seldom it is there. */
    private void offer(Set<String> words) {
        if (shortest(words) > shortest(best)) {
            best = words;
        }
    }

    private static int shortest(Set<String> words) {
        return words.stream().mapToInt(String::length).min().orElse(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import java.util.regex.PatternSyntaxException;

/**
 * Makes a Java character class of {@code [...]}: Java has other special characters in there, and other names of classes.
 * Thread: the one that opens the table; for one call.
 */
final class BracketExpression {
    private static final String JAVA_SPECIAL = "[]\\^-&~|# \t\n\r\f\u000b";

    private final String text;
    private final boolean ignoresCase;
    private final boolean hasEscapes;
    private int at;

    /**
     * @param from behind the bracket that opens it
     * @param hasEscapes a backslash is special, as in Perl
     */
    BracketExpression(String text, int from, boolean ignoresCase, boolean hasEscapes) {
        this.text = text;
        this.at = from;
        this.ignoresCase = ignoresCase;
        this.hasEscapes = hasEscapes;
    }

    /** Returns where the text goes on. {@code byLine}: what does not match these does not match a line's end either. */
    int translate(StringBuilder out, boolean byLine) {
        out.append('[');
        if (at < text.length() && text.charAt(at) == '^') {
            out.append(byLine ? "^\\n" : "^");
            at++;
        }
        int first = at;
        while (at < text.length() && (text.charAt(at) != ']' || at == first)) {
            if (!takeNamed(out)) {
                takeCharacter(out, first);
            }
        }
        if (at == text.length()) {
            throw wrong("Unmatched [, [^, [:, [., or [=");
        }
        out.append(']');
        return at + 1;
    }

    private PatternSyntaxException wrong(String why) {
        return new PatternSyntaxException(why, text, at);
    }

    private void takeCharacter(StringBuilder out, int first) {
        char c = text.charAt(at);
        if (c == '\\' && hasEscapes && at + 1 < text.length()) {
            out.append(c).append(text.charAt(at + 1));
            at += 2;
            return;
        }
        boolean isLast = at + 1 < text.length() && text.charAt(at + 1) == ']';
        boolean isRange = c == '-' && at != first && !isLast;
        if (JAVA_SPECIAL.indexOf(c) >= 0 && !isRange) {
            out.append('\\');
        }
        out.append(c);
        at++;
    }

    /** {@code [:class:]}, {@code [=c=]} or {@code [.c.]}. */
    private boolean takeNamed(StringBuilder out) {
        if (text.charAt(at) != '[' || at + 1 >= text.length() || ":=.".indexOf(text.charAt(at + 1)) < 0) {
            return false;
        }
        char kind = text.charAt(at + 1);
        int end = text.indexOf(kind + "]", at + 2);
        if (end < 0 || hasEscapes && kind != ':') {
            return false;
        }
        String name = text.substring(at + 2, end);
        if (kind == ':') {
            if (hasEscapes && !name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c == '^')) {
                return false;
            }
            boolean negated = name.startsWith("^");
            out.append(negated ? "\\P{" : "\\p{")
                    .append(javaName(negated ? name.substring(1) : name))
                    .append('}');
        } else if (name.length() == 1) {
            out.append(JAVA_SPECIAL.contains(name) ? "\\" : "").append(name);
        } else {
            throw wrong("Invalid collation character");
        }
        at = end + 2;
        return true;
    }

    private String javaName(String name) {
        return switch (name) {
            case "alpha" -> "Alpha";
            case "digit" -> "Digit";
            case "alnum" -> "Alnum";
            case "upper" -> ignoresCase ? "Alpha" : "Upper";
            case "lower" -> ignoresCase ? "Alpha" : "Lower";
            case "space" -> "Space";
            case "blank" -> "Blank";
            case "punct" -> "Punct";
            case "print" -> "Print";
            case "graph" -> "Graph";
            case "cntrl" -> "Cntrl";
            case "xdigit" -> "XDigit";
            case "ascii" -> "ASCII";
            default -> throw wrong("Invalid character class name");
        };
    }
}

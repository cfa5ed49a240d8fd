// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.regex.PatternSyntaxException;

/**
 * Makes a Java pattern of one for Perl's matcher.
 * Thread: the one that opens the table; for one call.
 */
final class PerlPattern {
    private final String text;
    private final boolean lazy;
    private final boolean endOnly;
    private final boolean byLine;
    private final boolean ignoresCase;
    private int referenceMax;
    private int referenceAt;
    private final StringBuilder out = new StringBuilder();
    private int at;

    /**
     * @param lazy quantifiers are, unless a question mark follows
     * @param endOnly {@code $} is the very end, unless {@code byLine}
     */
    PerlPattern(String text, boolean lazy, boolean endOnly, boolean byLine, boolean ignoresCase) {
        this.text = text;
        this.lazy = lazy;
        this.endOnly = endOnly && !byLine;
        this.byLine = byLine;
        this.ignoresCase = ignoresCase;
    }

    String translated() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '\\' -> escape();
                case '[' -> at = new BracketExpression(text, at + 1, ignoresCase, true).translate(out, false);
                case '(' -> open();
                case '{' -> brace();
                case '}' -> literal("\\}");
                // Java's own does not match at the end, and an empty text is all end.
                case '^' -> literal(byLine ? "(?:\\A|^)" : "^");
                case '$' -> literal(endOnly ? "\\z" : "$");
                case '*', '+', '?' -> {
                    at++;
                    quantify(String.valueOf(c));
                }
                default -> literal(String.valueOf(c));
            }
        }
        return out.toString();
    }

    /** For the one character here. */
    private void literal(String java) {
        out.append(java);
        at++;
    }

    private void escape() {
        if (text.startsWith("\\Q", at)) {
            int end = text.indexOf("\\E", at);
            end = end < 0 ? text.length() : end + 2;
            out.append(text, at, end);
            at = end;
        } else if (text.startsWith("\\N", at) && !text.startsWith("\\N{", at)) {
            out.append("[^\\n]");
            at += 2;
        } else if (text.startsWith("\\x{", at) || text.startsWith("\\p{", at) || text.startsWith("\\P{", at)) {
            int end = text.indexOf('}', at) + 1;
            end = end == 0 ? text.length() : end;
            out.append(text, at, end);
            at = end;
        } else {
            int end = Math.min(text.length(), at + 2);
            char c = text.charAt(end - 1);
            if (c > '0' && c <= '9' && c - '0' > referenceMax) {
                referenceMax = c - '0';
                referenceAt = end - 1;
            }
            out.append(text, at, end);
            at = end;
        }
    }

    /** Throws for a reference to a group that is not there, which Java takes for one that has not matched. */
    void checkReferences(int groupCount) {
        if (referenceMax > groupCount) {
            throw new PatternSyntaxException("reference to non-existent subpattern", text, referenceAt);
        }
    }

    private void open() {
        if (text.startsWith("(?#", at)) {
            int end = text.indexOf(')', at) + 1;
            at = end == 0 ? text.length() : end;
        } else if (text.startsWith("(?P<", at)) {
            named("(?<", at + 4, '>', ">");
        } else if (text.startsWith("(?'", at)) {
            named("(?<", at + 3, '\'', ">");
        } else if (text.startsWith("(?<", at) && at + 3 < text.length() && "=!".indexOf(text.charAt(at + 3)) < 0) {
            named("(?<", at + 3, '>', ">");
        } else if (text.startsWith("(?P=", at)) {
            named("\\k<", at + 4, ')', ">");
        } else if (text.startsWith("(?", at)) {
            // The question mark is no quantifier.
            out.append("(?");
            at += 2;
        } else {
            literal("(");
        }
    }

    private void named(String start, int from, char close, String end) {
        int to = text.indexOf(close, from);
        to = to < 0 ? text.length() : to;
        // Java's names have no underscore.
        out.append(start).append(text.substring(from, to).replace("_", "Zu")).append(end);
        at = Math.min(text.length(), to + 1);
    }

    /** A brace that is no quantifier stands for itself. */
    private void brace() {
        int end = at + 1;
        boolean comma = false;
        while (end < text.length()
                && (text.charAt(end) >= '0' && text.charAt(end) <= '9' || text.charAt(end) == ',' && !comma)) {
            comma |= text.charAt(end++) == ',';
        }
        boolean counts = end < text.length() && text.charAt(end) == '}' && end > at + 1 && text.charAt(at + 1) != ',';
        if (!counts) {
            literal("\\{");
            return;
        }
        String quantifier = text.substring(at, end + 1);
        at = end + 1;
        quantify(quantifier);
    }

    private void quantify(String quantifier) {
        out.append(quantifier);
        char next = at < text.length() ? text.charAt(at) : 0;
        if (next == '+') {
            out.append('+');
            at++;
        } else if (next == '?') {
            out.append(lazy ? "" : "?");
            at++;
        } else if (lazy) {
            out.append('?');
        }
    }
}

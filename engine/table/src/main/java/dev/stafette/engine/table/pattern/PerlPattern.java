// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import java.util.regex.PatternSyntaxException;

/**
 * Makes a Java pattern of one for Perl's matcher.
 * Thread: the one that opens the table; for one call.
 */
final class PerlPattern {
    /** Escapes that match no text. */
    private static final String POSITIONS = "AbBGKzZ";

    /** The library's own limit. */
    private static final int REPEAT_MAX = 65_535;

    private static final int DIGITS_MAX = 9;

    private final String text;
    private final boolean lazy;
    private final boolean endOnly;
    private final boolean byLine;
    private final boolean ignoresCase;
    private int referenceMax;
    private int referenceAt;
    private final StringBuilder out = new StringBuilder();
    private int at;

    /** A quantifier may follow. Java has its own mind about that. */
    private boolean isRepeatable;

    private int depth;

    /** White space and comments are none of the pattern; from where that is switched on inside, to its end. */
    private boolean isExtended;

    /**
     * @param lazy quantifiers are, unless a question mark follows
     * @param endOnly {@code $} is the very end, unless {@code byLine}
     */
    PerlPattern(String text, boolean lazy, boolean endOnly, boolean byLine, boolean ignoresCase, boolean isExtended) {
        this.text = text;
        this.lazy = lazy;
        this.endOnly = endOnly && !byLine;
        this.byLine = byLine;
        this.ignoresCase = ignoresCase;
        this.isExtended = isExtended;
    }

    String translated() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isExtended && (c == '#' || Character.isWhitespace(c))) {
                skip(c);
                continue;
            }
            switch (c) {
                case '\\' -> escape();
                case '[' -> {
                    at = new BracketExpression(text, at + 1, ignoresCase, true).translate(out, false);
                    isRepeatable = true;
                }
                case '(' -> open();
                case ')' -> close();
                case '{' -> brace();
                case '}' -> literal("\\}");
                case '|' -> position("|");
                // Java's own does not match at the end, and an empty text is all end.
                case '^' -> position(byLine ? "(?:\\A|^)" : "^");
                case '$' -> position(endOnly ? "\\z" : "$");
                case '*', '+', '?' -> {
                    at++;
                    quantify(String.valueOf(c));
                }
                default -> literal(String.valueOf(c));
            }
        }
        return out.toString();
    }

    /** Java knows what that is. */
    private void skip(char first) {
        int lineEnd = first == '#' ? text.indexOf('\n', at) : at;
        int end = lineEnd < 0 ? text.length() : lineEnd + 1;
        out.append(text, at, end);
        at = end;
    }

    /** For the one character here. */
    private void literal(String java) {
        out.append(java);
        at++;
        isRepeatable = true;
    }

    /** For the one character here, which matches no text. */
    private void position(String java) {
        literal(java);
        isRepeatable = false;
    }

    private void escape() {
        if (text.startsWith("\\Q", at)) {
            int end = text.indexOf("\\E", at);
            end = end < 0 ? text.length() : end + 2;
            out.append(text, at, end);
            at = end;
            isRepeatable = true;
        } else if (text.startsWith("\\E", at)) {
            // It ends nothing.
            at += 2;
        } else if (text.startsWith("\\N", at) && !text.startsWith("\\N{", at)) {
            out.append("[^\\n]");
            at += 2;
            isRepeatable = true;
        } else if (text.startsWith("\\x{", at) || text.startsWith("\\p{", at) || text.startsWith("\\P{", at)) {
            int end = text.indexOf('}', at) + 1;
            end = end == 0 ? text.length() : end;
            out.append(text, at, end);
            at = end;
            isRepeatable = true;
        } else {
            int end = Math.min(text.length(), at + 2);
            char c = text.charAt(end - 1);
            if (c > '0' && c <= '9' && c - '0' > referenceMax) {
                referenceMax = c - '0';
                referenceAt = end - 1;
            }
            out.append(text, at, end);
            at = end;
            isRepeatable = POSITIONS.indexOf(c) < 0;
        }
    }

    /** Throws for a reference to a group that is not there, which Java takes for one that has not matched. */
    void checkReferences(int groupCount) {
        if (referenceMax > groupCount) {
            throw new PatternSyntaxException("reference to non-existent subpattern", text, referenceAt);
        }
    }

    private void open() {
        boolean wasRepeatable = isRepeatable;
        isRepeatable = false;
        depth++;
        if (text.startsWith("(?#", at)) {
            int end = text.indexOf(')', at) + 1;
            at = end == 0 ? text.length() : end;
            isRepeatable = wasRepeatable;
            depth--;
        } else if (text.startsWith("(?P<", at)) {
            named("(?<", at + 4, '>', ">");
        } else if (text.startsWith("(?'", at)) {
            named("(?<", at + 3, '\'', ">");
        } else if (text.startsWith("(?<", at) && at + 3 < text.length() && "=!".indexOf(text.charAt(at + 3)) < 0) {
            named("(?<", at + 3, '>', ">");
        } else if (text.startsWith("(?P=", at)) {
            named("\\k<", at + 4, ')', ">");
            isRepeatable = true;
            depth--;
        } else if (text.startsWith("(?", at)) {
            // The question mark is no quantifier.
            out.append("(?");
            at += 2;
            head();
        } else {
            position("(");
        }
    }

    /** What kind of group it is, or the options of the rest of the pattern, which are no group. */
    private void head() {
        int end = at;
        while (end < text.length() && (Character.isLetter(text.charAt(end)) || "-<".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        int off = text.indexOf('-', at);
        int on = text.indexOf('x', at);
        isExtended |= on >= 0 && on < end && (off < 0 || off > on);
        if (end < text.length() && ":=!>)".indexOf(text.charAt(end)) >= 0) {
            out.append(text, at, end + 1);
            at = end + 1;
            depth -= text.charAt(end) == ')' ? 1 : 0;
        }
    }

    private void close() {
        if (depth == 0) {
            throw new PatternSyntaxException("unmatched closing parenthesis", text, at);
        }
        depth--;
        literal(")");
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
        checkCounts(quantifier);
        quantify(quantifier);
    }

    private void checkCounts(String quantifier) {
        int previous = 0;
        for (String digits : quantifier.substring(1, quantifier.length() - 1).split(",")) {
            if (digits.length() > DIGITS_MAX || Integer.parseInt(digits) > REPEAT_MAX) {
                throw new PatternSyntaxException("number too big in {} quantifier", text, at - 1);
            }
            if (Integer.parseInt(digits) < previous) {
                throw new PatternSyntaxException("numbers out of order in {} quantifier", text, at - 1);
            }
            previous = Integer.parseInt(digits);
        }
    }

    private void quantify(String quantifier) {
        if (!isRepeatable) {
            throw new PatternSyntaxException("quantifier does not follow a repeatable item", text, at - 1);
        }
        isRepeatable = false;
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

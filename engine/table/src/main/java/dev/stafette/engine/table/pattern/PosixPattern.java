// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.PatternSyntaxException;

/**
 * Makes a Java pattern of a POSIX one, extended or basic, with glibc's additions.
 * Thread: the one that opens the table; for one call.
 */
final class PosixPattern {
    private static final String JAVA_SPECIAL = "\\^$.|?*+()[]{}";
    private static final String UNMATCHED_GROUP = "Unmatched ( or \\(";
    private static final String NOTHING_TO_REPEAT = "Invalid preceding regular expression";
    private static final int REPEAT_MAX = 32767;
    private static final int NO_ATOM = -1;

    private final String text;
    private final boolean basic;
    private final boolean byLine;
    private final boolean ignoresCase;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Integer> groupStarts = new ArrayDeque<>();

    private int at;
    private int groupCount;
    /** Where in the output stands what a quantifier would be about. */
    private int atomStart = NO_ATOM;

    private boolean isQuantified;

    /** {@code byLine}: {@code ^} and {@code $} also match at a line's ends, and {@code .} does not match one. */
    PosixPattern(String text, boolean basic, boolean byLine, boolean ignoresCase) {
        this.text = text;
        this.basic = basic;
        this.byLine = byLine;
        this.ignoresCase = ignoresCase;
    }

    String translated() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            boolean escaped = c == '\\';
            if (escaped) {
                if (at == text.length()) {
                    throw wrong("Trailing backslash");
                }
                c = text.charAt(at++);
            }
            if ("(){}|+?".indexOf(c) >= 0) {
                // In basic expressions it is the backslash that makes them special.
                if (escaped == basic) {
                    special(c);
                } else {
                    literal(c);
                }
            } else if (escaped) {
                escape(c);
            } else {
                plain(c);
            }
        }
        if (!groupStarts.isEmpty()) {
            throw wrong(UNMATCHED_GROUP);
        }
        return out.toString();
    }

    private PatternSyntaxException wrong(String why) {
        return new PatternSyntaxException(why, text, at);
    }

    private void atom(String java) {
        atomStart = out.length();
        isQuantified = false;
        out.append(java);
    }

    private void literal(char c) {
        atom(JAVA_SPECIAL.indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
    }

    private void anchor(String java) {
        out.append(java);
        atomStart = NO_ATOM;
    }

    private void plain(char c) {
        switch (c) {
            case '*' -> {
                if (atomStart == NO_ATOM && basic) {
                    literal(c);
                } else if (basic && isQuantified) {
                    throw wrong(NOTHING_TO_REPEAT);
                } else {
                    quantify("*");
                }
            }
            case '[' -> {
                atomStart = out.length();
                isQuantified = false;
                at = new BracketExpression(text, at, ignoresCase, false).translate(out, byLine);
            }
            case '.' -> atom(".");
            case '^' -> {
                if (basic && !isAtStart()) {
                    literal(c);
                } else {
                    // Java's own does not match at the end, and an empty text is all end.
                    anchor(byLine ? "(?:\\A|(?<=\\n))" : "^");
                }
            }
            case '$' -> {
                if (basic && !isAtEnd()) {
                    literal(c);
                } else {
                    anchor(byLine ? "$" : "\\z");
                }
            }
            default -> literal(c);
        }
    }

    private boolean isAtStart() {
        return at == 1 || text.startsWith("\\(", at - 3) || text.startsWith("\\|", at - 3);
    }

    private boolean isAtEnd() {
        return at == text.length() || text.startsWith("\\)", at) || text.startsWith("\\|", at);
    }

    private void special(char c) {
        switch (c) {
            case '(' -> {
                groupStarts.push(out.length());
                groupCount++;
                out.append('(');
                atomStart = NO_ATOM;
            }
            case ')' -> {
                if (!groupStarts.isEmpty()) {
                    out.append(')');
                    atomStart = groupStarts.pop();
                    isQuantified = false;
                } else if (basic) {
                    throw wrong(UNMATCHED_GROUP);
                } else {
                    literal(c);
                }
            }
            case '|' -> anchor("|");
            case '{' -> interval();
            case '}' -> literal(c);
            default -> quantify(String.valueOf(c));
        }
    }

    /** A second quantifier would mean something else to Java. */
    private void quantify(String quantifier) {
        if (atomStart == NO_ATOM) {
            throw wrong(NOTHING_TO_REPEAT);
        }
        if (isQuantified) {
            out.insert(atomStart, "(?:").append(')');
        }
        out.append(quantifier);
        isQuantified = true;
    }

    private void interval() {
        if (atomStart == NO_ATOM) {
            throw wrong(NOTHING_TO_REPEAT);
        }
        String close = basic ? "\\}" : "}";
        int end = text.indexOf(close, at);
        if (end < 0) {
            throw wrong("Unmatched \\{");
        }
        String body = text.substring(at, end);
        int comma = body.indexOf(',');
        String min = comma < 0 ? body : body.substring(0, comma);
        String max = comma < 0 ? "" : body.substring(comma + 1);
        if (!isCount(min) || !isCount(max) || min.isEmpty() && comma < 0) {
            throw wrong("Invalid content of \\{\\}");
        }
        at = end + close.length();
        quantify("{" + (min.isEmpty() ? "0" : min) + (comma < 0 ? "" : "," + max) + "}");
    }

    private static boolean isCount(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return digits.isEmpty() || digits.length() < 6 && Integer.parseInt(digits) <= REPEAT_MAX;
    }

    private void escape(char c) {
        switch (c) {
            case 'w', 'W', 's', 'S' -> atom("\\" + c);
            case 'b', 'B' -> anchor("\\" + c);
            case '<' -> anchor("\\b(?=\\w)");
            case '>' -> anchor("\\b(?<=\\w)");
            case '`' -> anchor("\\A");
            case '\'' -> anchor("\\z");
            default -> {
                if (c < '1' || c > '9') {
                    literal(c);
                } else if (c - '0' > groupCount) {
                    throw wrong("Invalid back reference");
                } else {
                    // In a group of its own, as a digit may follow.
                    atom("(?:\\" + c + ")");
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;

/**
 * What stands between the brackets of a reference, read from left to right; {@link Expansion} says what it means. What is
 * wrong is a {@link ConfigException} in Postfix's words.
 * Thread: the one that made it.
 */
final class ReferenceBody {
    private static final String OPERATOR_CHARS = "<>!=?+-*/~&|%";

    /** What a message shows of the text behind the mistake. */
    private static final int SHOWN_LENGTH_MAX = 20;

    private final String text;
    private int at;

    ReferenceBody(String text) {
        this.text = text;
    }

    /** Two texts, unexpanded, and what is between them. */
    record Comparison(String left, String sign, boolean byLevel, String right) {
        boolean holds(String leftValue, String rightValue) {
            int order =
                    byLevel ? CompatibilityLevel.compare(leftValue, rightValue) : compareText(leftValue, rightValue);
            return switch (sign) {
                case "==" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }

        private static int compareText(String left, String right) {
            if (!isNumber(left) || !isNumber(right)) {
                return left.compareTo(right);
            }
            try {
                return Long.compare(Long.parseLong(left), Long.parseLong(right));
            } catch (NumberFormatException e) {
                throw new ConfigException("mac_exp_eval: bad conversion: " + left + ", " + right);
            }
        }

        private static boolean isNumber(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return false;
                }
            }
            return !text.isEmpty();
        }
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    private boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    boolean take(char c) {
        if (!isAt(c)) {
            return false;
        }
        at++;
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private int behindSpace(int from) {
        int end = from;
        while (end < text.length() && isBlank(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Then it is where the brace is. */
    boolean isAtBrace() {
        int next = behindSpace(at);
        if (next == text.length() || text.charAt(next) != '{') {
            return false;
        }
        at = next;
        return true;
    }

    /** May be empty; then comes the end, what it depends on, or what the function of that name is called with. */
    String name() {
        at = behindSpace(at);
        int from = at;
        while (at < text.length() && Expansion.isNameChar(text.charAt(at))) {
            at++;
        }
        String name = text.substring(from, at);
        int next = behindSpace(at);
        if (next < text.length() && "?:{".indexOf(text.charAt(next)) < 0) {
            throw new ConfigException(
                    "attribute name syntax error at: \"..." + text.substring(0, at) + ">>>" + shown() + "\"");
        }
        at = next;
        return name;
    }

    private String shown() {
        return text.substring(at, Math.min(text.length(), at + SHOWN_LENGTH_MAX));
    }

    Comparison comparison() {
        String left = braced();
        int from = at;
        while (at < text.length() && OPERATOR_CHARS.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String sign = text.substring(from, at);
        if (!isSign(sign)) {
            at = from;
            throw unexpected("\"==\" or \"!=\"\" or \"<\"\" or \"<=\"\" or \">=\"\" or \">\" expected", left);
        }
        int suffixFrom = at;
        while (at < text.length() && text.charAt(at) != '_' && Expansion.isNameChar(text.charAt(at))) {
            at++;
        }
        String suffix = text.substring(suffixFrom, at);
        if (!suffix.isEmpty() && !suffix.equals("level")) {
            throw new ConfigException("bad operator suffix at: \"..." + sign + ">>>" + suffix + "\"");
        }
        if (!isAtBrace()) {
            throw new ConfigException(
                    "\"{expression}\" expected at: \"...{" + left + "} " + sign + ">>>" + shown() + "\"");
        }
        return new Comparison(left, sign, !suffix.isEmpty(), braced());
    }

    private static boolean isSign(String sign) {
        return switch (sign) {
            case "==", "!=", "<", "<=", ">", ">=" -> true;
            default -> false;
        };
    }

    /** Behind a comparison. */
    void checkChoice() {
        if (!isAtEnd() && !isAt('?') && !isAt(':')) {
            throw unexpected("\"?\" or \":\" expected", "");
        }
    }

    /** The text within {@code { }}, on whose first it is; the white space behind them is skipped. */
    private String braced() {
        int close = ConfigWords.closing(text, at, '{', '}');
        if (close < 0) {
            throw new ConfigException("unbalanced {} in attribute expression: \"" + text.substring(at) + "\"");
        }
        String inside = text.substring(at + 1, close);
        at = behindSpace(close + 1);
        return inside;
    }

    String bracedTextOrRest() {
        if (isAtBrace()) {
            return braced();
        }
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    ConfigException unexpected(String what, String before) {
        return new ConfigException(what + " at: \"..." + before + "}>>>" + shown() + "\"");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import org.jspecify.annotations.Nullable;

/**
 * What stands between the brackets of a reference, read from left to right; {@link Expansion} says what it means.
 * Thread: the one that made it.
 */
final class ReferenceBody {
    private static final String[] OPERATORS = {
        "==level", "!=level", "<=level", ">=level", "<level", ">level", "==", "!=", "<=", ">=", "<", ">"
    };

    private final String text;
    private int at;

    ReferenceBody(String text) {
        this.text = text;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    boolean take(char c) {
        if (!isAt(c)) {
            return false;
        }
        at++;
        return true;
    }

    void skipSpace() {
        while (at < text.length() && LogicalLine.isSpace(text.charAt(at))) {
            at++;
        }
    }

    String name() {
        int from = at;
        while (at < text.length() && Expansion.isNameChar(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw unexpected("a name");
        }
        return text.substring(from, at);
    }

    String operator() {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return operator;
            }
        }
        throw unexpected("== != < <= > >= or one of these with \"level\"");
    }

    /** The text within {@code { }}. */
    String operand() {
        String operand = bracedText();
        if (operand == null) {
            throw unexpected("{expression}");
        }
        return operand;
    }

    /** Null, with the position unchanged, when there is no brace after white space. */
    @Nullable
    String bracedText() {
        int start = at;
        skipSpace();
        if (!isAt('{')) {
            at = start;
            return null;
        }
        int close = ConfigWords.closing(text, at, '{', '}');
        if (close < 0) {
            throw unexpected("a closing brace");
        }
        String inside = text.substring(at + 1, close);
        at = close + 1;
        return inside;
    }

    String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    String bracedTextOrRest() {
        String braced = bracedText();
        if (braced == null) {
            return rest();
        }
        skipSpace();
        if (!isAtEnd()) {
            throw unexpected("nothing more");
        }
        return braced;
    }

    ConfigException unexpected(String expected) {
        return new ConfigException(
                expected + " expected at: \"" + text.substring(0, at) + ">>>" + text.substring(at) + "\"");
    }
}

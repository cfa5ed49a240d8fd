// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of a structured field, item by item, as Postfix reads them (RFC 2045 §5.1): comments and white space are left out,
 * quoted text is one word, and nothing is an error.
 * Thread: its owner's.
 */
final class MimeTokens {
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

    /** More are not looked at: {@code name = value}, or {@code type / subtype}. */
    private static final int TOKENS_MAX = 3;

    private final String text;

    // Owned by the owner.
    private int at;

    /** {@code special}: one of these characters by itself; 0: a word; {@code quoted}: it stood in quotes. */
    record Token(char special, boolean quoted, String value) {
        boolean is(String word) {
            return special == 0 && !quoted && value.equalsIgnoreCase(word);
        }
    }

    MimeTokens(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /** The tokens up to the next semicolon, three at most; null behind the last of them. */
    @Nullable
    List<Token> next() {
        List<Token> tokens = new ArrayList<>(TOKENS_MAX);
        boolean hasEnd = false;
        while (at < text.length() && !hasEnd) {
            char c = text.charAt(at++);
            if (c == ';') {
                hasEnd = true;
            } else if (c == '(') {
                skipComment();
            } else if (!isSpace(c)) {
                Token token = token(c);
                if (tokens.size() < TOKENS_MAX) {
                    tokens.add(token);
                }
            }
        }
        return tokens.isEmpty() && !hasEnd ? null : tokens;
    }

    private Token token(char first) {
        if (first == '"') {
            return new Token('\0', true, quoted());
        }
        if (isSpecial(first)) {
            return new Token(first, false, "");
        }
        int from = at - 1;
        while (at < text.length() && !isSpace(text.charAt(at)) && !isSpecial(text.charAt(at))) {
            at++;
        }
        return new Token('\0', false, text.substring(from, at));
    }

    private void skipComment() {
        int depth = 1;
        while (at < text.length() && depth > 0) {
            char c = text.charAt(at++);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '\\') {
                at++;
            }
        }
    }

    private String quoted() {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            if (c == '\n') {
                unfold(out);
                continue;
            }
            if (c == '\\') {
                if (at == text.length()) {
                    break;
                }
                c = text.charAt(at++);
            }
            out.append(c);
        }
        return out.toString();
    }

    private static void unfold(StringBuilder out) {
        while (out.length() > 0 && isSpace(out.charAt(out.length() - 1))) {
            out.setLength(out.length() - 1);
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isSpecial(char c) {
        return c < ' ' || c == 0x7f || SPECIALS.indexOf(c) >= 0;
    }
}

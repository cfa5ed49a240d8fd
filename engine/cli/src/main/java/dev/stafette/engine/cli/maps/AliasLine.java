// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of aliases(5).
 * Thread: any (a value).
 *
 * @param problem why the line is none; empty when it is one
 * @param key without quotes
 * @param value with its quotes, spaced as Postfix spaces it
 */
record AliasLine(String problem, String key, String value) {
    private static final String NO_PAIR = "need name:value pair";
    private static final String NOT_LOCAL = "name must be local";

    static AliasLine parse(String line) {
        List<Token> tokens = new Scan(line).tokens();
        int colon = indexOf(tokens, ':');
        if (colon < 1 || colon + 1 == tokens.size()) {
            return new AliasLine(NO_PAIR, "", "");
        }
        List<Token> name = tokens.subList(0, colon);
        if (indexOf(name, ',') >= 0) {
            return new AliasLine(NO_PAIR, "", "");
        }
        if (indexOf(name, '@') >= 0 || indexOf(name, '%') >= 0) {
            return new AliasLine(NOT_LOCAL, "", "");
        }
        return new AliasLine("", join(name, false), join(tokens.subList(colon + 1, tokens.size()), true));
    }

    private static int indexOf(List<Token> tokens, char operator) {
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isWord() && tokens.get(i).plain().charAt(0) == operator) {
                return i;
            }
        }
        return -1;
    }

    private static String join(List<Token> tokens, boolean isQuoted) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            text.append(isQuoted ? token.quoted() : token.plain());
            if (i + 1 < tokens.size() && needSpace(token, tokens.get(i + 1))
                    || isQuoted && token.is(',') && i + 1 == tokens.size()) {
                text.append(' ');
            }
        }
        return text.toString();
    }

    private static boolean needSpace(Token token, Token next) {
        return token.is(',') || next.is('<') || token.isWord() && next.isWord();
    }

    /** A word, which may have been quoted, or an operator. */
    private record Token(boolean isWord, String plain, String quoted) {
        boolean is(char operator) {
            return !isWord && plain.charAt(0) == operator;
        }
    }

    /** Reads words, quoted strings, comments, literals and operators (RFC 5322 §3.2). */
    private static final class Scan {
        private static final String OPERATORS = "|%!()<>@,;:\\\".[]";

        private final String text;
        private int at;

        Scan(String text) {
            this.text = text;
        }

        List<Token> tokens() {
            List<Token> tokens = new ArrayList<>();
            while (at < text.length()) {
                char c = text.charAt(at);
                if (isSpace(c)) {
                    at++;
                } else {
                    tokens.add(token(c));
                }
            }
            return tokens;
        }

        private Token token(char c) {
            if (c == '(') {
                String comment = comment();
                return new Token(true, comment, comment);
            }
            if (c == '[' || c == '"') {
                at++;
                String inside = collect(c == '[' ? "]" : "\"", false);
                at = Math.min(text.length(), at + 1);
                return c == '"'
                        ? quotedString(inside)
                        : new Token(true, "[" + inside + "]", "[" + escaped(inside, "\\\r\n") + "]");
            }
            if (c != '\\' && OPERATORS.indexOf(c) >= 0) {
                at++;
                return new Token(false, String.valueOf(c), String.valueOf(c));
            }
            String atom = collect(OPERATORS, true);
            return needsQuotes(atom) ? quotedString(atom) : new Token(true, atom, atom);
        }

        private static Token quotedString(String inside) {
            return new Token(true, inside, '"' + escaped(inside, "\"\\\r\n") + '"');
        }

        /** Comments nest, and keep their backslashes. */
        private String comment() {
            int from = at;
            int depth = 0;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\\') {
                    at = Math.min(text.length(), at + 1);
                } else if (c == '(') {
                    depth++;
                } else if (c == ')' && --depth == 0) {
                    break;
                }
            }
            return text.substring(from, at);
        }

        /** Up to one of {@code ends}, or to white space; a backslash makes anything an ordinary character. */
        private String collect(String ends, boolean endsAtSpace) {
            StringBuilder out = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '\\') {
                    if (++at == text.length()) {
                        break;
                    }
                    c = text.charAt(at);
                } else if (ends.indexOf(c) >= 0 || endsAtSpace && isSpace(c)) {
                    break;
                }
                out.append(isSpace(c) ? ' ' : c);
                at++;
            }
            return out.toString();
        }

        private static boolean needsQuotes(String atom) {
            for (int i = 0; i < atom.length(); i++) {
                char c = atom.charAt(i);
                if (c <= ' ' || c == 127 || OPERATORS.indexOf(c) >= 0) {
                    return true;
                }
            }
            return false;
        }

        private static String escaped(String text, String specials) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                out.append(specials.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
            return out.toString();
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t' || c == '\r' || c == '\n';
        }
    }
}

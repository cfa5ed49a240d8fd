// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Reads what stands behind an alias, or in a line of a forward file: addresses, {@code /file}, {@code |command} and
 * {@code :include:/file}, with commas or nothing between them, and what of them stands in quotes as one word.
 * Thread: its caller's; for one text.
 *
 * <p>As Postfix, it reads from right to left, where two words without a separator are two destinations.
 */
final class ForwardWords {
    private static final String SEPARATORS = "|\"(),.:;<>@[]%!";

    private static final String WORD = "word";

    private final List<Token> tokens = new ArrayList<>();
    private final List<String> found = new ArrayList<>();

    private record Token(String kind, String text) {
        boolean is(String other) {
            return kind.equals(other);
        }
    }

    private ForwardWords() {}

    static List<String> parse(String text) {
        ForwardWords words = new ForwardWords();
        words.scan(text);
        words.group();
        Collections.reverse(words.found);
        return words.found;
    }

    private void scan(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else if (c == '(') {
                at = afterComment(text, at);
            } else if (c == '[') {
                int end = text.indexOf(']', at);
                int after = end < 0 ? text.length() : end + 1;
                tokens.add(new Token(WORD, text.substring(at, after)));
                at = after;
            } else if (c == '"') {
                at = scanQuoted(text, at + 1);
            } else if (c != '\\' && SEPARATORS.indexOf(c) >= 0) {
                tokens.add(new Token(String.valueOf(c), String.valueOf(c)));
                at++;
            } else {
                at = scanWord(text, at);
            }
        }
    }

    private static int afterComment(String text, int from) {
        int depth = 0;
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return at + 1;
            }
            at++;
        }
        return text.length();
    }

    private int scanQuoted(String text, int from) {
        StringBuilder word = new StringBuilder();
        int at = from;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            word.append(text.charAt(at));
            at++;
        }
        tokens.add(new Token(WORD, word.toString()));
        return at + 1;
    }

    private int scanWord(String text, int from) {
        StringBuilder word = new StringBuilder();
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                word.append(text.charAt(at));
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || SEPARATORS.indexOf(c) >= 0) {
                break;
            } else {
                word.append(c);
            }
            at++;
        }
        tokens.add(new Token(WORD, word.toString()));
        return at;
    }

    private void group() {
        int right = tokens.size();
        int at = right - 1;
        boolean mayBeWord = true;
        boolean inGroup = false;
        while (at >= 0) {
            Token token = tokens.get(at);
            if (token.is(";") || token.is(",") || token.is(":") && inGroup) {
                add(at + 1, right);
                inGroup |= token.is(";");
                if (token.is(":")) {
                    at = lastOf(at, Set.of(","));
                    inGroup = false;
                }
                right = Math.max(at, 0);
                mayBeWord = true;
                if (token.is(":")) {
                    continue;
                }
            } else if (token.is(">")) {
                add(at + 1, right);
                int open = lastOf(at - 1, Set.of("<"));
                add(open + 1, at);
                at = lastOf(open, Set.of(">", ";", ",", ":"));
                right = at + 1;
                mayBeWord = true;
                continue;
            } else if (token.is(WORD)) {
                if (!mayBeWord) {
                    add(at + 1, right);
                    right = at + 1;
                }
                mayBeWord = false;
            } else {
                mayBeWord = true;
            }
            at--;
        }
        add(0, right);
    }

    /** The place of the last of these up to there; -1 when there is none. */
    private int lastOf(int from, Set<String> kinds) {
        int at = from;
        while (at >= 0 && !kinds.contains(tokens.get(at).kind())) {
            at--;
        }
        return at;
    }

    private void add(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(tokens.get(i).text());
        }
        if (!text.isEmpty()) {
            found.add(text.toString());
        }
    }
}

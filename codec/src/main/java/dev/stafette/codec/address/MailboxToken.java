// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, a comment or a separator of an address (RFC 822 §3.3), which knows how it was written.
 * Thread: any (a value).
 *
 * @param kind one of those below, or the separator itself
 * @param text without quotes, but with the brackets of a literal and the parentheses of a comment
 */
record MailboxToken(char kind, String text) {
    static final char ATOM = 'a';
    static final char QUOTED = 'q';
    static final char LITERAL = 'l';
    static final char COMMENT = 'c';
    /** The colon behind the name of a group. */
    static final char GROUP = 'g';

    private static final String SEPARATORS = "|\"(),.:;<>@[]%!\\";

    boolean isWord() {
        return kind == ATOM || kind == QUOTED || kind == LITERAL;
    }

    /** Not a separator. */
    boolean isText() {
        return isWord() || kind == COMMENT;
    }

    String printed() {
        if (kind != QUOTED) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 4).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        return out.append('"').toString();
    }

    static List<MailboxToken> scan(String text) {
        return scan(text, Integer.MAX_VALUE);
    }

    /** Any text gives tokens: what is not closed ends with the text. */
    static List<MailboxToken> scan(String text, int tokensMax) {
        List<MailboxToken> tokens = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int at = 0;
        while (at < text.length() && tokens.size() < tokensMax) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (c == '(') {
                int end = CommentSyntax.endOf(text, at);
                String comment = text.substring(at, end < 0 ? text.length() : end);
                tokens.add(new MailboxToken(COMMENT, comment.replace("\r\n", "\n")));
                at = end < 0 ? text.length() : end;
            } else if (c == '"') {
                at = collect(text, at + 1, "\"", word) + 1;
                tokens.add(new MailboxToken(QUOTED, take(word)));
            } else if (c == '[') {
                at = collect(text, at + 1, "]", word) + 1;
                tokens.add(new MailboxToken(LITERAL, '[' + take(word) + ']'));
            } else if (c != '\\' && SEPARATORS.indexOf(c) >= 0) {
                tokens.add(new MailboxToken(c, String.valueOf(c)));
                at++;
            } else {
                at = collect(text, at, " \t\r\n|%!()<>@,;:\".[]", word);
                String atom = take(word);
                boolean isPlain = atom.chars().noneMatch(b -> b <= ' ' || b == 0x7f || SEPARATORS.indexOf(b) >= 0);
                tokens.add(new MailboxToken(isPlain ? ATOM : QUOTED, atom));
            }
        }
        return tokens;
    }

    /** Appends up to the first of {@code ends}; a backslash makes any character one of the word. */
    private static int collect(String text, int from, String ends, StringBuilder word) {
        int at = from;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\' && ++at == text.length()) {
                break;
            }
            char c = text.charAt(at++);
            word.append(isSpace(c) ? ' ' : c);
        }
        return at;
    }

    private static String take(StringBuilder word) {
        String text = word.toString();
        word.setLength(0);
        return text;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}

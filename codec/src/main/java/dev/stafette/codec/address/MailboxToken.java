// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, a comment or a separator of an address (RFC 822 §3.3), unquoted.
 * Thread: any (a value).
 *
 * @param kind {@link #WORD}, {@link #COMMENT}, or the separator itself
 */
record MailboxToken(char kind, String text) {
    /** An atom, a quoted string, or a literal with its brackets. */
    static final char WORD = 'w';

    static final char COMMENT = 'c';

    private static final String SEPARATORS = "|%!()<>@,;:\\\".[]";

    /** Not a separator. */
    boolean isText() {
        return kind == WORD || kind == COMMENT;
    }

    /** Any text gives tokens: what is not closed ends with the text. */
    static List<MailboxToken> scan(String text) {
        List<MailboxToken> tokens = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (c == '(') {
                int end = CommentSyntax.endOf(text, at);
                tokens.add(new MailboxToken(COMMENT, ""));
                at = end < 0 ? text.length() : end;
            } else if (c == '"') {
                at = collect(text, at + 1, "\"", word) + 1;
                tokens.add(new MailboxToken(WORD, take(word)));
            } else if (c == '[') {
                at = collect(text, at + 1, "]", word) + 1;
                tokens.add(new MailboxToken(WORD, '[' + take(word) + ']'));
            } else if (c != '\\' && SEPARATORS.indexOf(c) >= 0) {
                tokens.add(new MailboxToken(c, String.valueOf(c)));
                at++;
            } else {
                at = collect(text, at, " \t\r\n|%!()<>@,;:\".[]", word);
                tokens.add(new MailboxToken(WORD, take(word)));
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

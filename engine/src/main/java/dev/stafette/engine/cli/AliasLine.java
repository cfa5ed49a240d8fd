// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

/**
 * A line of aliases(5).
 * Thread: any (a value).
 *
 * @param key without quotes; empty when there is none
 * @param value with its quotes, spaced as Postfix spaces it; empty when there is none
 */
record AliasLine(String key, String value) {
    private static final String SPECIALS = "()<>@,;:\\\"[]";

    static AliasLine parse(String line) {
        Words words = new Words(line);
        String key = words.upToColon();
        return key.isEmpty() ? new AliasLine("", "") : new AliasLine(key, words.rest());
    }

    /** Reads words, quoted strings, comments and special characters. */
    private static final class Words {
        private final String text;
        private int at;

        Words(String text) {
            this.text = text;
        }

        /** Empty when there is no colon. */
        String upToColon() {
            String key = read(true);
            if (at == text.length()) {
                return "";
            }
            at++;
            return key;
        }

        String rest() {
            return read(false);
        }

        private String read(boolean isKey) {
            StringBuilder out = new StringBuilder();
            boolean afterWord = false;
            while (at < text.length() && !(isKey && text.charAt(at) == ':')) {
                char c = text.charAt(at);
                if (isSpace(c)) {
                    at++;
                    continue;
                }
                int end = wordEnd();
                boolean isWord = end > at + 1 || isOfWord(c);
                if (isWord && afterWord) {
                    out.append(' ');
                }
                if (isKey && c == '"') {
                    appendUnquoted(out, end);
                } else if (c == '"' || c == '(') {
                    out.append(text, at, end);
                } else {
                    appendWithoutBackslashes(out, end);
                }
                out.append(c == ',' && !isKey ? " " : "");
                afterWord = isWord;
                at = end;
            }
            return out.toString().strip();
        }

        private void appendUnquoted(StringBuilder out, int end) {
            for (int i = at + 1; i < end && text.charAt(i) != '"'; i++) {
                if (text.charAt(i) == '\\' && i + 1 < end) {
                    i++;
                }
                out.append(text.charAt(i));
            }
        }

        private void appendWithoutBackslashes(StringBuilder out, int end) {
            for (int i = at; i < end; i++) {
                if (text.charAt(i) != '\\' || i + 1 == end) {
                    out.append(text.charAt(i));
                }
            }
        }

        private int wordEnd() {
            char c = text.charAt(at);
            if (c == '"') {
                return closing('"', '"');
            }
            if (c == '(') {
                return closing('(', ')');
            }
            if (c == '[') {
                return closing('[', ']');
            }
            int end = at;
            while (end < text.length() && !isSpace(text.charAt(end)) && isOfWord(text.charAt(end))) {
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
            return Math.min(text.length(), Math.max(end, at + 1));
        }

        /** Behind the character that closes what starts here; comments nest. */
        private int closing(char open, char close) {
            int depth = 0;
            for (int i = at; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\') {
                    i++;
                } else if (c == close && (i > at || open != close) && (open == close || --depth == 0)) {
                    return i + 1;
                } else if (c == open && open != close) {
                    depth++;
                }
            }
            return text.length();
        }

        private static boolean isOfWord(char c) {
            return c == '\\' || SPECIALS.indexOf(c) < 0;
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c >= '\t' && c <= '\r';
        }
    }
}

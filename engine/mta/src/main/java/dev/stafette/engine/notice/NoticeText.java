// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import java.nio.charset.StandardCharsets;

/**
 * The lines of a notice. What others said is made printable and stands behind a space, so that it can be nothing else than
 * text.
 * Thread: any (one notice's own).
 */
final class NoticeText {
    private static final int COLUMNS_MAX = 78;
    private static final String INDENT = "    ";

    /** RFC 5322 §2.1.1, less an indent: a word that is longer is cut into pieces. */
    private static final int WORD_CHARS_MAX = 300;

    private final StringBuilder lines = new StringBuilder(2048);

    /** Of our own words. */
    NoticeText line(String text) {
        lines.append(text).append("\r\n");
        return this;
    }

    /** Of a stranger's, wrapped between words as Postfix does it. */
    NoticeText quoted(String text) {
        String rest = printable(text);
        String indent = " ";
        int columns = COLUMNS_MAX;
        while (!rest.isEmpty()) {
            int end = end(rest, columns);
            line(indent + rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
            indent = " " + INDENT;
            columns = COLUMNS_MAX - INDENT.length();
        }
        return this;
    }

    /** Where the line ends: before the last space that lets it fit, or the first one. */
    private static int end(String text, int columns) {
        if (text.length() <= columns) {
            return text.length();
        }
        int space = text.lastIndexOf(' ', columns);
        if (space <= 0 || text.substring(0, space).isBlank()) {
            space = text.indexOf(' ', columns);
        }
        return Math.min(WORD_CHARS_MAX, space < 0 ? text.length() : space);
    }

    /** Without what a terminal might act on. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            boolean isAscii = point >= ' ' && point < 0x7f;
            boolean isText = point >= 0xa0 && point != '\ufffd' && Character.isDefined(point) && !isControl(point);
            out.appendCodePoint(isAscii || isText ? point : '?');
        });
        return out.toString();
    }

    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** In UTF-8. */
    byte[] bytes() {
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
}

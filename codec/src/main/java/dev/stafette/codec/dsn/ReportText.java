// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import dev.stafette.codec.address.MailAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The lines of a report that are ours. What others said is made printable and kept in its field, so that it can neither
 * add a field nor end a part.
 * Thread: any (one report's own).
 */
final class ReportText {
    /** Postfix's. RFC 5322 §2.1.1 asks for 78, and lets more stand. */
    private static final int FOLD_COLUMNS = 79;

    /** RFC 5322 §2.1.1. */
    private static final int LINE_OCTETS_MAX = 998;

    /** Words are cut here: with an indent, well below the limit of a line even where each char takes three octets. */
    private static final int WORD_CHARS_MAX = 300;

    private static final String CRLF = "\r\n";
    private static final String INDENT = "    ";

    private final boolean utf8;
    private final StringBuilder lines = new StringBuilder(2048);

    /** @param utf8 the text may hold UTF-8 */
    ReportText(boolean utf8) {
        this.utf8 = utf8;
    }

    /** A line of our own words. */
    ReportText line(String text) {
        lines.append(text).append(CRLF);
        return this;
    }

    ReportText blank() {
        lines.append(CRLF);
        return this;
    }

    /** A line of words of whoever runs the mail system: made printable, and cut where it is too long. */
    ReportText words(String text) {
        return cut(printable(text, true), 0);
    }

    /** A field on one line, cut rather than folded: a folded address would be another one. */
    ReportText field(String name, String value) {
        lines.append(name).append(": ");
        return cut(printable(value, utf8), name.length() + 2);
    }

    /** {@code octets}: what the line has already. */
    private ReportText cut(String text, int octets) {
        int sum = octets;
        for (int point : text.codePoints().toArray()) {
            sum += point < 0x80 ? 1 : Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            if (sum > LINE_OCTETS_MAX) {
                break;
            }
            lines.appendCodePoint(point);
        }
        return blank();
    }

    /** A field that holds prose. */
    ReportText foldedField(String name, String value) {
        return folded(name + ": " + value);
    }

    /** The type and the address (RFC 3464 §2.1.2, RFC 6533 §3). */
    ReportText addressField(String name, MailAddress address) {
        return field(name, address.isAscii() ? "rfc822; " + address.external() : "utf-8; " + text(address));
    }

    /** The same without a space, as senders write it in ORCPT, and Postfix for those who do not. */
    ReportText originalAddressField(String name, MailAddress address) {
        return field(name, address.isAscii() ? "rfc822;" + address.external() : "utf-8;" + text(address));
    }

    private String text(MailAddress address) {
        return utf8 ? address.external() : unicodeEscaped(address.external());
    }

    /** RFC 6533 §3, utf-8-addr-xtext: a UTF-8 address where only ASCII may stand. */
    private static String unicodeEscaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (point > ' ' && point < 0x7f && point != '+' && point != '=' && point != '\\') {
                out.appendCodePoint(point);
            } else {
                out.append("\\x{").append(Integer.toHexString(point).toUpperCase(Locale.ROOT));
                out.append('}');
            }
        });
        return out.toString();
    }

    /** Prose, folded between words. */
    ReportText folded(String text) {
        int column = 0;
        for (String word : printable(text, utf8).trim().split(" +")) {
            for (int from = 0; from < word.length() || from == 0; from += WORD_CHARS_MAX) {
                int to = Math.min(word.length(), from + WORD_CHARS_MAX);
                boolean fits = column + 1 + to - from <= FOLD_COLUMNS;
                String gap = column == 0 ? "" : fits && from == 0 ? " " : CRLF + INDENT;
                lines.append(gap).append(word, from, to);
                column = (gap.length() > 1 ? INDENT.length() : column + gap.length()) + to - from;
            }
        }
        return blank();
    }

    /** On one line, and without what a terminal might act on. */
    private static String printable(String text, boolean utf8) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point == '\r' || point == '\n' || point == '\t') {
                out.append(' ');
            } else if (point >= ' ' && point < 0x7f || utf8 && isPrintable(point)) {
                out.appendCodePoint(point);
            } else {
                out.append('?');
            }
        });
        return out.toString();
    }

    /** Not a control, a direction mark, half a surrogate pair, or a line end by another name. */
    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> point >= 0xa0;
        };
    }

    /** Writes the lines with the dot doubled where one starts with it (RFC 5321 §4.5.2), and begins anew. */
    void flush(ByteBuf out) {
        boolean lineStart = true;
        for (byte b : lines.toString().getBytes(StandardCharsets.UTF_8)) {
            if (lineStart && b == '.') {
                out.writeByte('.');
            }
            out.writeByte(b);
            lineStart = b == '\n';
        }
        lines.setLength(0);
    }
}

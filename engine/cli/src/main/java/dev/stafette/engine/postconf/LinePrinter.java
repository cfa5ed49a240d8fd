// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of words with one space between them, folded if that is wished, and prints them.
 * Thread: main.
 */
final class LinePrinter {
    /** A line and its end, in Postfix's way of folding. */
    private static final int LINE_LENGTH_MAX = 80;

    private static final String INDENT = "    ";

    private final @Nullable PrintStream out;
    private final boolean isFolding;
    private final StringBuilder line = new StringBuilder(256);
    private int length;

    LinePrinter(@Nullable PrintStream out, boolean isFolding) {
        this.out = out;
        this.isFolding = isFolding;
    }

    /** For lines that are not printed, but taken. */
    static LinePrinter folding() {
        return new LinePrinter(null, true);
    }

    boolean isFolding() {
        return isFolding;
    }

    /** Takes the words of a text one by one. */
    LinePrinter words(String text) {
        int at = 0;
        while (at < text.length()) {
            int from = at;
            while (at < text.length() && !isBlank(text.charAt(at))) {
                at++;
            }
            if (at > from) {
                word(text.substring(from, at));
            }
            at++;
        }
        return this;
    }

    /** Form feeds and vertical tabs are part of a word, though no Postfix file has any. */
    private static boolean isBlank(char c) {
        return c != '\f' && c != 0x0b && LogicalLine.isSpace(c);
    }

    private void word(String word) {
        if (length > 0) {
            separate(word.length());
        }
        text(word);
    }

    /** May have white space, at which it is not folded. Of a command, for which a line is one shorter. */
    LinePrinter argument(String argument, int countedLength) {
        separate(countedLength + 1);
        return text(argument);
    }

    private void separate(int needed) {
        if (isFolding && length + needed >= LINE_LENGTH_MAX) {
            breakLine();
        } else {
            line.append(' ');
            length++;
        }
    }

    LinePrinter text(String text) {
        line.append(text);
        length += text.length();
        return this;
    }

    /** Goes on, indented, on the next line. */
    LinePrinter breakLine() {
        line.append('\n').append(INDENT);
        length = INDENT.length();
        return this;
    }

    int length() {
        return length;
    }

    /** Prints the line. */
    void end() {
        byte[] bytes = (take() + "\n").getBytes(StandardCharsets.ISO_8859_1);
        if (out != null) {
            out.write(bytes, 0, bytes.length);
        }
    }

    /** Prints a line that is an object of one member. */
    void member(String key, String value) {
        text(new JsonWriter().beginObject().key(key).value(value).endObject().toString())
                .end();
    }

    /** The line, without its end, instead of printing it. */
    String take() {
        String text = line.toString();
        line.setLength(0);
        length = 0;
        return text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.syntax.LogicalLine;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table's source line by line, however long it is: lines that start with white space continue the one before,
 * and those that are empty or start with {@code #} do not count, also in between.
 * Thread: the one that reads the source.
 */
public final class SourceLines implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Ours; Postfix takes what the memory holds. */
    private static final int LINE_BYTES_MAX = 16 * 1024 * 1024;

    private final String name;
    private final InputStream in;
    private final Consumer<String> warnings;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private byte[] line = new byte[1024];
    private int lineLength;
    private int physicalNumber;
    private int number;

    /** {@code name} stands in messages. */
    public SourceLines(String name, InputStream in, Consumer<String> warnings) {
        this.name = name;
        this.in = in;
        this.warnings = warnings;
    }

    /** The next logical line, without its end; null when there is none. A line that is no UTF-8 is left out. */
    public @Nullable String next() throws IOException {
        while (true) {
            if (!readLogical()) {
                return null;
            }
            if (isSpace((char) line[0])) {
                warnings.accept(name + ": "
                        + LogicalLine.leadingSpaceText(shownStart(), lineLength > LogicalLine.SHOWN_LENGTH_MAX));
                continue;
            }
            String text = decoded();
            if (text != null) {
                return text;
            }
            warnings.accept(name + ", line " + number + ": non-UTF-8 input \"" + shown(lineLength)
                    + "\" -- ignoring this line");
        }
    }

    /** Of the logical line's first physical line, from 1. */
    public int number() {
        return number;
    }

    private boolean readLogical() throws IOException {
        lineLength = 0;
        int kept = 0;
        while (true) {
            int next = peek();
            if (next < 0) {
                lineLength = kept;
                return kept > 0;
            }
            // Blank lines and comments do not end a line; the next one that starts with text does.
            if (kept > 0 && !isSpace((char) next) && next != '#') {
                lineLength = kept;
                return true;
            }
            readPhysical();
            if (isIgnored(kept)) {
                lineLength = kept;
            } else {
                number = kept == 0 ? physicalNumber : number;
                kept = lineLength;
            }
        }
    }

    private boolean isIgnored(int from) {
        int i = from;
        while (i < lineLength && isSpace((char) line[i])) {
            i++;
        }
        return i == lineLength || line[i] == '#';
    }

    private void readPhysical() throws IOException {
        physicalNumber++;
        while (peek() >= 0) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            append(from, at);
            if (at < end) {
                at++;
                return;
            }
        }
    }

    private void append(int from, int to) throws IOException {
        int length = to - from;
        if (lineLength + length > LINE_BYTES_MAX) {
            throw new EOFException("line " + physicalNumber + " is longer than " + LINE_BYTES_MAX + " bytes");
        }
        if (lineLength + length > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + length));
        }
        System.arraycopy(buffer, from, line, lineLength, length);
        lineLength += length;
    }

    /** The next byte; -1 at the end. */
    private int peek() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return at == end ? -1 : buffer[at] & 0xff;
    }

    private @Nullable String decoded() {
        for (int i = 0; i < lineLength; i++) {
            if (line[i] < 0) {
                return decodedUtf8();
            }
        }
        return new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
    }

    private @Nullable String decodedUtf8() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, lineLength))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** With question marks for what is no UTF-8. */
    private String shown(int length) {
        return new String(line, 0, length, StandardCharsets.UTF_8).replace('\ufffd', '?');
    }

    private String shownStart() {
        return shown(Math.min(lineLength, LogicalLine.SHOWN_LENGTH_MAX));
    }

    /** White space of C's isspace(), which is what Postfix goes by; not Unicode's. */
    public static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** Without the white space at the end. */
    public static String trimEnd(String text) {
        int length = text.length();
        while (length > 0 && isSpace(text.charAt(length - 1))) {
            length--;
        }
        return text.substring(0, length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the lines of a message from a program, long ones in pieces.
 * Thread: main.
 */
final class MessageInput {
    static final int BUFFER_BYTES = 32 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private byte[] line;
    private int length;
    private boolean endsLine;
    private boolean startsLine = true;

    /** {@code pieceBytes}: line_length_limit. */
    MessageInput(InputStream in, int pieceBytes) {
        this.in = in;
        this.line = new byte[pieceBytes];
    }

    /** False at the end of the input. */
    boolean next() throws IOException {
        startsLine = length == 0 && !endsLine || endsLine;
        length = 0;
        endsLine = false;
        while (length < line.length && !endsLine) {
            if (at == limit && !fill()) {
                return length > 0;
            }
            int lineFeed = indexOfLineFeed();
            int end = lineFeed < 0 ? limit : lineFeed;
            int part = Math.min(end - at, line.length - length);
            System.arraycopy(buffer, at, line, length, part);
            length += part;
            at += part;
            if (at == lineFeed && length < line.length) {
                at++;
                endsLine = true;
            }
        }
        return true;
    }

    /** Of what comes behind the last line, at most so many bytes; none or less at the end of the input. */
    int read(byte[] into, int bytesMax) throws IOException {
        if (at == limit && !fill()) {
            return -1;
        }
        int count = Math.min(bytesMax, limit - at);
        System.arraycopy(buffer, at, into, 0, count);
        at += count;
        return count;
    }

    private int indexOfLineFeed() {
        for (int i = at; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        at = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    /** Holds the line, or the piece of one, from index 0. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    /** The line feed was there; it is not part of the bytes. */
    boolean endsLine() {
        return endsLine;
    }

    /** What came before was the end of a line. */
    boolean startsLine() {
        return startsLine;
    }

    /** Drops carriage returns from the end. */
    void stripCarriageReturns() {
        while (length > 0 && line[length - 1] == '\r') {
            length--;
        }
    }

    /** A dot and nothing else. */
    boolean isDot() {
        return startsLine && length == 1 && line[0] == '.';
    }

    /** Whether it begins with this, behind any number of {@code >}. */
    boolean isMailboxLine() {
        int from = 0;
        while (from < length && line[from] == '>') {
            from++;
        }
        return length - from >= FROM.length && Arrays.equals(line, from, from + FROM.length, FROM, 0, FROM.length);
    }

    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};
}

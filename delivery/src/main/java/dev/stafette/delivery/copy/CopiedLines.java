// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines that end in LF, on their way to a copy: gives them another end and marks beginnings that would be misread.
 * Thread: the owner's. Pieces may be cut anywhere.
 */
final class CopiedLines {
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

    private final boolean quoteFrom;
    private final boolean doubleDots;
    private final byte[] lineEnd;
    private final boolean isPlain;

    // Owned by the caller's thread.
    /** How much of {@link #FROM} the line has begun with so far, which is still to be written; -1: it is another line. */
    private int fromBytes;

    CopiedLines(CopyRules rules) {
        quoteFrom = rules.quoteFrom();
        doubleDots = rules.doubleDots();
        lineEnd = rules.lineEnd().getBytes(StandardCharsets.ISO_8859_1);
        isPlain = !quoteFrom && !doubleDots && rules.lineEnd().equals("\n");
    }

    void copy(byte[] bytes, int length, OutputStream out) throws IOException {
        if (isPlain) {
            out.write(bytes, 0, length);
            return;
        }
        int at = 0;
        while (at < length) {
            at = fromBytes < 0 ? copyRest(bytes, at, length, out) : begin(bytes, at, length, out);
        }
    }

    /** A line's beginning, as long as it may be that of {@link #FROM}. */
    private int begin(byte[] bytes, int from, int length, OutputStream out) throws IOException {
        int at = from;
        if (fromBytes == 0 && doubleDots && bytes[at] == '.') {
            out.write('.');
        }
        while (quoteFrom && fromBytes < FROM.length && at < length && bytes[at] == FROM[fromBytes]) {
            at++;
            fromBytes++;
        }
        if (quoteFrom && fromBytes < FROM.length && at == length) {
            return at;
        }
        if (fromBytes == FROM.length) {
            out.write('>');
        }
        out.write(FROM, 0, fromBytes);
        fromBytes = -1;
        return at;
    }

    private int copyRest(byte[] bytes, int from, int length, OutputStream out) throws IOException {
        int at = from;
        while (at < length && bytes[at] != '\n') {
            at++;
        }
        out.write(bytes, from, at - from);
        if (at == length) {
            return at;
        }
        out.write(lineEnd);
        fromBytes = 0;
        return at + 1;
    }

    /** Nothing follows. */
    void end(OutputStream out) throws IOException {
        if (fromBytes > 0) {
            out.write(FROM, 0, fromBytes);
            fromBytes = 0;
        }
    }
}

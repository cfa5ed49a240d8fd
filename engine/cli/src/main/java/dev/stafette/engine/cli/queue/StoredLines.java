// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts the stored form of content, with CRLF and doubled dots (RFC 5321 §4.5.2), into its lines. The codec's own decoder
 * would load a buffer library that a short command has no time for.
 * Thread: main.
 */
final class StoredLines {
    private final Consumer<byte[]> listener;

    private byte[] line = new byte[1024];
    private int length;
    private boolean ended;

    /** {@code listener} hears each line, without its end. */
    StoredLines(Consumer<byte[]> listener) {
        this.listener = listener;
    }

    /** The next piece, cut anywhere. */
    void add(byte[] piece) {
        for (byte b : piece) {
            if (b == '\n') {
                endLine();
            } else {
                if (length == line.length) {
                    line = Arrays.copyOf(line, length * 2);
                }
                line[length++] = b;
            }
        }
    }

    private void endLine() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        int start = end > 0 && line[0] == '.' ? 1 : 0;
        ended |= start == 1 && end == 1;
        if (!ended) {
            listener.accept(Arrays.copyOfRange(line, start, end));
        }
        length = 0;
    }
}

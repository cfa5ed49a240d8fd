// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a program says, of which the first bytes are kept and the rest is thrown away.
 * Thread: the one that waits for the program.
 */
final class CommandOutput {
    /** As much as Postfix reads at once. */
    private static final int KEPT_BYTES_MAX = 4096;

    private final byte[] kept = new byte[KEPT_BYTES_MAX];
    private final byte[] piece = new byte[KEPT_BYTES_MAX];
    private final InputStream in;

    // Owned by the waiting thread.
    private int length;

    CommandOutput(InputStream in) {
        this.in = in;
    }

    /** Takes what is in the pipe now, and does not wait for more. */
    void drain() throws IOException {
        int left = in.available();
        while (left > 0) {
            int count = in.read(piece, 0, Math.min(piece.length, left));
            if (count <= 0) {
                return;
            }
            int taken = Math.min(count, kept.length - length);
            System.arraycopy(piece, 0, kept, length, taken);
            length += taken;
            left -= count;
        }
    }

    /** On one line, with an underscore for what cannot be shown. */
    String text() {
        StringBuilder text = new StringBuilder(length);
        new String(Arrays.copyOf(kept, length), StandardCharsets.UTF_8)
                .codePoints()
                .map(c -> c == '\t' || c == '\n' ? ' ' : Character.isISOControl(c) || c == 0xfffd ? '_' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}

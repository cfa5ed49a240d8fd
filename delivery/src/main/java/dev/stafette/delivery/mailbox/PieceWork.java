// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads a piece of a file: a short one is its last.
 * Thread: the caller's.
 */
public record PieceWork(Path file, long offset) implements FileWork<byte[]> {
    /** A session of the delivery service keeps it in memory several times, and says it in one line. */
    public static final int BYTES_MAX = 64 << 10;

    @Override
    public byte[] call() throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(BYTES_MAX);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            int count = 0;
            while (piece.hasRemaining() && count >= 0) {
                count = in.read(piece, offset + piece.position());
            }
        }
        return Arrays.copyOf(piece.array(), piece.position());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Reads a file that lists addresses.
 * Thread: the caller's.
 */
public record TextWork(Path file) implements FileWork<String> {
    /** Of a longer list none is read: half of one would lose recipients in silence. */
    public static final int BYTES_MAX = 4 << 20;

    /** Where pieces come from: this process, or one that may read the file. */
    public interface Source {
        byte[] read(PieceWork piece) throws IOException;
    }

    @Override
    public String call() throws IOException {
        return from(PieceWork::call);
    }

    public String from(Source source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece;
        do {
            piece = source.read(new PieceWork(file, all.size()));
            if (all.size() + piece.length > BYTES_MAX) {
                throw new FileSystemException(file.toString(), null, SystemReason.TOO_LARGE);
            }
            all.writeBytes(piece);
        } while (piece.length == PieceWork.BYTES_MAX);
        return all.toString(StandardCharsets.UTF_8);
    }
}

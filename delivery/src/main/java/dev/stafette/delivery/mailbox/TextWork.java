// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a file that lists addresses.
 * Thread: the caller's.
 */
public record TextWork(Path file) implements FileWork<String> {
    /** No list of addresses is longer, and what is behind it is not read. */
    private static final int BYTES_MAX = 4 << 20;

    @Override
    public String call() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that only takes up space: on a full disk it is given up, so that outcomes can be journaled and deliveries, which
 * free space, go on.
 * Thread: queue agent. Making it again writes a few MB; that happens rarely, and only when space has come back.
 */
final class Ballast {
    private static final int FILL_BYTES = 1 << 20;

    private final Path file;
    private final long bytes;
    private boolean present;

    private Ballast(Path file, long bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** What an earlier process left is taken over. */
    static Ballast open(Path spool, long bytes) {
        Ballast ballast = new Ballast(spool.resolve("ballast"), bytes);
        ballast.present = Files.exists(ballast.file);
        return ballast;
    }

    /** True when there was some to give up. */
    boolean release() {
        if (!present) {
            return false;
        }
        present = false;
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            return false;
        }
    }

    void restore() {
        if (present || bytes == 0) {
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; ) {
                zeros.clear().limit((int) Math.min(FILL_BYTES, bytes - at));
                at += channel.write(zeros, at);
            }
            present = true;
        } catch (IOException full) {
            // A smaller one than wished for is better than none.
            present = true;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.format.DiskTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that only takes up space: on a full disk it is given up, so that outcomes can be journaled and deliveries, which
 * free space, go on.
 * Thread: queue agent; it is filled on the disk's thread, and given up by any.
 */
final class Ballast {
    private static final int FILL_BYTES = 1 << 20;

    private final Path file;
    private final long bytes;

    /** Written by whoever gives it up and by the queue agent, read by both: there is something to give up. */
    private volatile boolean present;

    /** Written by the queue agent, read by any. */
    private volatile boolean isFilling;

    /** Written by the queue agent and by whoever gives it up, read by the disk's thread: what is being filled is to be kept. */
    private volatile boolean wanted;

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

    /** Any thread: true when there was some to give up. */
    boolean release() {
        if (!present && !isFilling) {
            return false;
        }
        wanted = false;
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            return false;
        } finally {
            present = false;
        }
    }

    void restore(DiskTasks disk) {
        if (present || isFilling || bytes == 0) {
            return;
        }
        isFilling = true;
        wanted = true;
        disk.submit(() -> {
            fill();
            return this::onFilled;
        });
    }

    private void onFilled() {
        isFilling = false;
        // A smaller one than wished for is better than none. In this order: it may be given up meanwhile.
        present = true;
        if (!wanted) {
            present = Files.exists(file);
        }
    }

    /** As far as there is room, and as long as it is wanted. */
    private void fill() {
        ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes && wanted; ) {
                zeros.clear().limit((int) Math.min(FILL_BYTES, bytes - at));
                at += channel.write(zeros, at);
            }
        } catch (IOException full) {
            // It is as large as it could be made.
        }
    }
}

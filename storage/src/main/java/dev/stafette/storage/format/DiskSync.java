// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How files and directories are put on stable storage; another way than {@link #REAL} is for tests alone, which show that
 * a sync that is missing or slow is noticed.
 * Thread: any that may wait; it waits for the disk.
 */
public interface DiskSync {
    DiskSync REAL = file -> file.force(false);

    /** The content of a file, and what is needed to read it. */
    void force(FileChannel file) throws IOException;

    /** A file that is new, with all that is known of it. */
    default void whole(FileChannel file) throws IOException {
        file.force(true);
    }

    /** Writes some of these zeros into a file, for what is to come in their place: nothing is put on stable storage. */
    default int reserve(FileChannel file, ByteBuffer zeros, long at) throws IOException {
        return file.write(zeros, at);
    }

    /** The names in a directory. */
    default void directory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import java.nio.channels.FileChannel;

/**
 * The content of a stored message for reading; its segments are not reused before it is closed.
 * Thread: any; close once.
 */
public interface BodySlice extends AutoCloseable {
    int partCount();

    FileChannel channel(int part);

    long position(int part);

    int lengthBytes(int part);

    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.MessageBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A message that has come over the connection, in a file without a name, in parts of at most 1 GB.
 * Thread: the session's.
 */
final class ReceivedBody implements MessageBody {
    private static final int PART_BYTES_MAX = 1 << 30;
    private static final int FINAL_DOT_BYTES = 3;

    private final FileChannel file;
    private final long length;

    private ReceivedBody(FileChannel file, long length) {
        this.file = file;
        this.length = length;
    }

    static ReceivedBody read(DeputyChannel channel, Path scratch, long bytesMax) throws IOException {
        Path name = Files.createTempFile(scratch, "message", "");
        FileChannel file = FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(name);
        try {
            return new ReceivedBody(file, channel.readMessage(file, bytesMax));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public int partCount() {
        return (int) ((length + PART_BYTES_MAX - 1) / PART_BYTES_MAX);
    }

    @Override
    public FileChannel partChannel(int part) {
        return file;
    }

    @Override
    public long partPosition(int part) {
        return (long) part * PART_BYTES_MAX;
    }

    @Override
    public int partLengthBytes(int part) {
        return (int) Math.min(PART_BYTES_MAX, length - partPosition(part));
    }

    @Override
    public long sizeBytes() {
        return length - FINAL_DOT_BYTES;
    }

    /** Nobody sends it on. */
    @Override
    public boolean hasLongLines() {
        return false;
    }

    @Override
    public boolean hasEightBit() {
        return false;
    }

    @Override
    public boolean hasEightBitHeader() {
        return false;
    }

    @Override
    public void release() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

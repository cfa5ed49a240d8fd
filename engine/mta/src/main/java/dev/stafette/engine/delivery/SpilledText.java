// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The text of a message that has changed on its way out, in a file without a name, which goes with it. Like the stored message it
 * takes disk and no memory, however large it is.
 * Thread: a worker writes it; it may be read by any then.
 */
final class SpilledText implements AutoCloseable {
    private final FileChannel channel;

    private SpilledText(FileChannel channel) {
        this.channel = channel;
    }

    static SpilledText open(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "changed-", null);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(file);
        return new SpilledText(channel);
    }

    void write(ByteBuf piece, int length) throws IOException {
        ByteBuffer bytes = piece.nioBuffer(piece.readerIndex(), length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

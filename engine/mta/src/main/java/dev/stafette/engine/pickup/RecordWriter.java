// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes records one after the other. Beyond the limit it counts on, and writes nothing more.
 * Thread: its owner's; it waits for the output.
 */
public final class RecordWriter {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HEAD_BYTES_MAX = 6;

    private final WritableByteChannel out;
    private final long bytesMax;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long bytes;

    /** {@code bytesMax}: message_size_limit; 0: none. */
    public RecordWriter(WritableByteChannel out, long bytesMax) {
        this.out = out;
        this.bytesMax = bytesMax;
    }

    public void put(char type, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put(type, utf8, 0, utf8.length);
    }

    public void put(int type, byte[] from, int offset, int length) throws IOException {
        bytes += length + 2;
        if (isTooBig()) {
            return;
        }
        if (buffer.remaining() < HEAD_BYTES_MAX) {
            flush();
        }
        buffer.put((byte) type);
        int rest = length;
        for (; rest > 0x7f; rest >>>= 7) {
            buffer.put((byte) (rest | 0x80));
        }
        buffer.put((byte) rest);
        int at = offset;
        for (int left = length; left > 0; ) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int part = Math.min(left, buffer.remaining());
            buffer.put(from, at, part);
            at += part;
            left -= part;
        }
    }

    public boolean isTooBig() {
        return bytesMax > 0 && bytes > bytesMax;
    }

    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }
}

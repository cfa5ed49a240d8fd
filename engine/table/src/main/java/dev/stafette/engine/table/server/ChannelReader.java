// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the replies of simple protocols off a connection: lines and counted bytes, neither longer than the caller says.
 * Thread: one at a time.
 */
final class ChannelReader {
    private static final int BUFFER_BYTES = 4096;

    private final TimedChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).position(0).limit(0);

    ChannelReader(TimedChannel channel) {
        this.channel = channel;
    }

    /** Up to a line feed, without it and a carriage return before it. */
    String readLine(int bytesMax) throws IOException {
        byte[] line = new byte[Math.min(bytesMax, BUFFER_BYTES)];
        int length = 0;
        int b;
        while ((b = readByte()) != '\n') {
            if (length == bytesMax) {
                throw new ProtocolException("a reply longer than " + bytesMax + " bytes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(bytesMax, 2 * length));
            }
            line[length++] = (byte) b;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    /** The caller has checked the count. */
    byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int length = 0;
        while (length < count) {
            fill();
            int step = Math.min(count - length, buffer.remaining());
            buffer.get(bytes, length, step);
            length += step;
        }
        return bytes;
    }

    int readByte() throws IOException {
        fill();
        return buffer.get();
    }

    /** Whether the peer has said no more than was asked. */
    boolean isDrained() {
        return !buffer.hasRemaining();
    }

    private void fill() throws IOException {
        if (buffer.hasRemaining()) {
            return;
        }
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        if (count < 0) {
            throw new EOFException("the connection was closed before the reply was complete");
        }
    }
}

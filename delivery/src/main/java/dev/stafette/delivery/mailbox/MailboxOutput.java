// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A file that may grow so far, written in few pieces. It knows its own failures, so that they can be told from those of the
 * message that is read.
 * Thread: workers.
 */
final class MailboxOutput extends OutputStream {
    private static final int BUFFER_BYTES_MAX = AppendRecord.WRITE_BYTES_MAX;

    /** Fields in front of the message, quotes within. */
    private static final int ADDED_BYTES = 1 << 10;

    private final FileChannel channel;
    private final long sizeMax;
    private final @Nullable AppendRecord record;
    private final byte[] buffer;

    // Owned by the worker that writes.
    private int buffered;
    private long end;
    private @Nullable IOException failure;

    /** {@code sizeMax}: in bytes; 0 for no limit. {@code letterBytes}: about how much is written. {@code record}:
     * is told of it before. */
    MailboxOutput(FileChannel channel, long end, long sizeMax, long letterBytes, @Nullable AppendRecord record) {
        this.buffer = new byte[(int) Math.min(BUFFER_BYTES_MAX, letterBytes + ADDED_BYTES)];
        this.channel = channel;
        this.end = end;
        this.sizeMax = sizeMax;
        this.record = record;
        if (record != null) {
            record.beginLetter(end);
        }
    }

    /** Where the file ends; what is not flushed does not count. */
    long end() {
        return end;
    }

    boolean hasFailed() {
        return failure != null;
    }

    @Override
    public void write(int b) throws IOException {
        if (buffered == buffer.length) {
            flush();
        }
        buffer[buffered++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - buffered) {
            flush();
        }
        if (length > buffer.length) {
            writeOut(bytes, offset, length);
            return;
        }
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered += length;
    }

    @Override
    public void flush() throws IOException {
        int length = buffered;
        buffered = 0;
        writeOut(buffer, 0, length);
    }

    private void writeOut(byte[] bytes, int offset, int length) throws IOException {
        try {
            if (sizeMax > 0 && end + length > sizeMax) {
                throw new IOException(SystemReason.TOO_LARGE);
            }
            for (int at = offset; at < offset + length; ) {
                int piece = Math.min(offset + length - at, BUFFER_BYTES_MAX);
                at += writeOut(ByteBuffer.wrap(bytes, at, piece));
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private int writeOut(ByteBuffer bytes) throws IOException {
        if (record != null) {
            record.beginWrite(end, bytes);
        }
        int count = channel.write(bytes);
        end += count;
        return count;
    }
}

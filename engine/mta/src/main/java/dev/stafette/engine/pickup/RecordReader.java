// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads records one after the other. Whoever wrote them may be anybody: lengths are bounded.
 * Thread: its owner's; it waits for the input.
 */
public final class RecordReader {
    /** Returned in place of a type: the input ended between two records. */
    public static final int NO_MORE = -1;

    /** Returned in place of a type: this is no record. */
    public static final int MALFORMED = -2;

    /** More than any line, address or attribute of ours. */
    static final int RECORD_BYTES_MAX = 64 << 10;

    private static final int BUFFER_BYTES = 32 << 10;

    private final ReadableByteChannel in;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private byte[] bytes = new byte[256];
    private int length;

    public RecordReader(ReadableByteChannel in) {
        this.in = in;
    }

    /** The type of the next record, or {@link #NO_MORE} or {@link #MALFORMED}. */
    public int next() throws IOException {
        int type = readByte();
        if (type < 0) {
            return NO_MORE;
        }
        int size = 0;
        int shift = 0;
        int group;
        do {
            group = readByte();
            if (group < 0 || shift > 21) {
                return MALFORMED;
            }
            size |= (group & 0x7f) << shift;
            shift += 7;
        } while (group > 0x7f);
        if (size > RECORD_BYTES_MAX) {
            return MALFORMED;
        }
        return readBytes(size) ? type : MALFORMED;
    }

    private int readByte() throws IOException {
        return buffer.hasRemaining() || fill() ? buffer.get() & 0xff : -1;
    }

    private boolean readBytes(int size) throws IOException {
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
        }
        length = 0;
        while (length < size) {
            if (!buffer.hasRemaining() && !fill()) {
                return false;
            }
            int part = Math.min(size - length, buffer.remaining());
            buffer.get(bytes, length, part);
            length += part;
        }
        return true;
    }

    private boolean fill() throws IOException {
        buffer.clear();
        int count = in.read(buffer);
        buffer.flip();
        return count > 0;
    }

    /** Of the record read last. */
    public int length() {
        return length;
    }

    /** Holds the record read last, from index 0; borrowed until the next one. */
    public byte[] bytes() {
        return bytes;
    }

    public String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

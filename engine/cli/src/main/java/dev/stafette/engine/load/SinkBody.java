// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;

/**
 * Reads the content of one message after another up to the dot, and finds the sequence number in each header.
 * Thread: event loop.
 */
final class SinkBody {
    static final long NO_SEQUENCE = -1;

    /** A header line may be this long before it is looked at in parts. */
    private static final int HEADER_LINE_BYTES_MAX = 8192;

    private static final int END_BYTES = 3;

    // Owned by the event loop.
    private boolean isLineStart;
    private boolean isHeader;
    private long sequence;
    private long byteCount;

    void begin() {
        isLineStart = true;
        isHeader = true;
        sequence = NO_SEQUENCE;
        byteCount = 0;
    }

    /** Returns true when the end has been read; false when more bytes are wanted, and then some may be left unread. */
    boolean read(ByteBuf in) {
        while (in.isReadable()) {
            int start = in.readerIndex();
            if (isLineStart && in.getByte(start) == '.') {
                if (in.readableBytes() < END_BYTES) {
                    return false;
                }
                if (in.getByte(start + 1) == '\r' && in.getByte(start + 2) == '\n') {
                    in.skipBytes(END_BYTES);
                    return true;
                }
            }
            int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
            if (end < 0 && isHeader && in.readableBytes() < HEADER_LINE_BYTES_MAX) {
                return false;
            }
            readLine(in, start, end);
        }
        return false;
    }

    /** {@code end}: of its line feed, negative when that has not come. */
    private void readLine(ByteBuf in, int start, int end) {
        int next = end < 0 ? in.writerIndex() : end + 1;
        if (isHeader && isLineStart) {
            isHeader = in.getByte(start) != '\r';
            readSequence(in, start, next);
        }
        byteCount += next - start;
        isLineStart = end >= 0;
        in.readerIndex(next);
    }

    private void readSequence(ByteBuf in, int start, int end) {
        String name = LoadMessages.SEQUENCE_HEADER;
        int length = name.length();
        if (end - start <= length) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (in.getByte(start + i) != name.charAt(i)) {
                return;
            }
        }
        long number = 0;
        for (int i = start + length; i < end && in.getByte(i) >= '0' && in.getByte(i) <= '9'; i++) {
            number = number * 10 + in.getByte(i) - '0';
        }
        sequence = SequenceSet.canHold(number) ? number : NO_SEQUENCE;
    }

    long sequence() {
        return sequence;
    }

    long byteCount() {
        return byteCount;
    }
}

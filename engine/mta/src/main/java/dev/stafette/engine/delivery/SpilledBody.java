// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;

/**
 * A stored message with another header and another text.
 * Thread: any, as the body itself.
 */
final class SpilledBody implements MessageBody {
    private static final int PART_BYTES_MAX = 1 << 30;
    private static final int DOT_LINE_BYTES = 3;

    private final MessageBody stored;
    private final ByteBuf head;
    private final SpilledText text;
    private final long textBytes;
    private final boolean addsEightBit;
    private final boolean addsLongLine;

    /** {@code head}, {@code text}: taken. */
    SpilledBody(
            MessageBody stored,
            ByteBuf head,
            SpilledText text,
            long textBytes,
            boolean addsEightBit,
            boolean addsLongLine) {
        this.stored = stored;
        this.head = head;
        this.text = text;
        this.textBytes = textBytes;
        this.addsEightBit = addsEightBit;
        this.addsLongLine = addsLongLine;
    }

    @Override
    public ByteBuf head() {
        return head;
    }

    @Override
    public int partCount() {
        return (int) ((textBytes + PART_BYTES_MAX - 1) / PART_BYTES_MAX);
    }

    @Override
    public FileChannel partChannel(int part) {
        return text.channel();
    }

    @Override
    public long partPosition(int part) {
        return (long) part * PART_BYTES_MAX;
    }

    @Override
    public int partLengthBytes(int part) {
        return (int) Math.min(PART_BYTES_MAX, textBytes - partPosition(part));
    }

    @Override
    public long sizeBytes() {
        return head.readableBytes() + textBytes - DOT_LINE_BYTES;
    }

    @Override
    public boolean hasLongLines() {
        return addsLongLine || stored.hasLongLines();
    }

    @Override
    public boolean hasEightBit() {
        return addsEightBit || stored.hasEightBit();
    }

    @Override
    public boolean hasEightBitHeader() {
        return addsEightBit || stored.hasEightBitHeader();
    }

    @Override
    public void release() {
        head.release();
        stored.release();
        try {
            text.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

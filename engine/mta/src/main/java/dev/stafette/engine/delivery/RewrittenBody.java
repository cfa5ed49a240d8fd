// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;

/**
 * A stored message with another header: its bytes up to the last change in it, then what is stored from there on.
 * Thread: any, as the body itself.
 */
final class RewrittenBody implements MessageBody {
    private final MessageBody stored;
    private final ByteBuf head;
    private final int replacedBytes;
    /** Of those, what is in the first part; the others are in a head that was there before. */
    private final int partBytes;

    /**
     * @param head taken
     * @param replacedBytes of the message, in whose place the head stands: all of a head that it has, and more perhaps
     */
    RewrittenBody(MessageBody stored, ByteBuf head, int replacedBytes) {
        ByteBuf before = stored.head();
        this.stored = stored;
        this.head = head;
        this.replacedBytes = replacedBytes;
        this.partBytes = replacedBytes - (before == null ? 0 : before.readableBytes());
    }

    @Override
    public ByteBuf head() {
        return head;
    }

    @Override
    public int partCount() {
        return stored.partCount();
    }

    @Override
    public FileChannel partChannel(int part) {
        return stored.partChannel(part);
    }

    @Override
    public long partPosition(int part) {
        return stored.partPosition(part) + (part == 0 ? partBytes : 0);
    }

    @Override
    public int partLengthBytes(int part) {
        return stored.partLengthBytes(part) - (part == 0 ? partBytes : 0);
    }

    @Override
    public long sizeBytes() {
        return stored.sizeBytes() + head.readableBytes() - replacedBytes;
    }

    @Override
    public boolean hasLongLines() {
        return stored.hasLongLines();
    }

    @Override
    public boolean hasEightBit() {
        return stored.hasEightBit();
    }

    @Override
    public boolean hasEightBitHeader() {
        return stored.hasEightBitHeader();
    }

    @Override
    public void release() {
        head.release();
        stored.release();
    }
}

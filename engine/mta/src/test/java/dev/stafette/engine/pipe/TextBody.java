// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** A message that is all head, without a file. */
final class TextBody implements MessageBody {
    private final ByteBuf head;
    boolean isReleased;

    TextBody(String content) {
        head = Unpooled.copiedBuffer(
                content.replaceAll("(?m)^\\.", "..").replace("\n", "\r\n") + ".\r\n", StandardCharsets.US_ASCII);
    }

    @Override
    public ByteBuf head() {
        return head;
    }

    @Override
    public int partCount() {
        return 0;
    }

    @Override
    public FileChannel partChannel(int part) {
        throw new IllegalStateException("nothing is in the file");
    }

    @Override
    public long partPosition(int part) {
        return 0;
    }

    @Override
    public int partLengthBytes(int part) {
        return 0;
    }

    @Override
    public long sizeBytes() {
        return head.readableBytes() - 3;
    }

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
        isReleased = true;
    }
}

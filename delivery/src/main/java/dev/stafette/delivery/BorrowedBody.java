// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A body that another transport gets to see, and does not release. Thread: any. */
public record BorrowedBody(MessageBody body) implements MessageBody {
    @Override
    public int partCount() {
        return body.partCount();
    }

    @Override
    public @Nullable ByteBuf head() {
        return body.head();
    }

    @Override
    public FileChannel partChannel(int part) {
        return body.partChannel(part);
    }

    @Override
    public long partPosition(int part) {
        return body.partPosition(part);
    }

    @Override
    public int partLengthBytes(int part) {
        return body.partLengthBytes(part);
    }

    @Override
    public long sizeBytes() {
        return body.sizeBytes();
    }

    @Override
    public boolean hasLongLines() {
        return body.hasLongLines();
    }

    @Override
    public boolean hasEightBit() {
        return body.hasEightBit();
    }

    @Override
    public boolean hasEightBitHeader() {
        return body.hasEightBitHeader();
    }

    @Override
    public void release() {
        // Whoever lends it does, later.
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.delivery.MessageBody;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.format.BodyRef;
import java.nio.channels.FileChannel;

/** A body in the spool as the transports see it. Thread: any; {@link #release} is called once. */
final class StoredMessageBody implements MessageBody {
    private final BodySlice slice;
    private final BodyRef body;

    StoredMessageBody(BodySlice slice, BodyRef body) {
        this.slice = slice;
        this.body = body;
    }

    @Override
    public int partCount() {
        return slice.partCount();
    }

    @Override
    public FileChannel partChannel(int part) {
        return slice.channel(part);
    }

    @Override
    public long partPosition(int part) {
        return slice.position(part);
    }

    @Override
    public int partLengthBytes(int part) {
        return slice.lengthBytes(part);
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
        slice.close();
    }
}

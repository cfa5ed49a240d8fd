// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;

/** Stub. */
public final class BdatDecoder {
    /** Makes ready for the next message. */
    public void reset() {
        throw new UnsupportedOperationException("in work");
    }

    /** A chunk of so many bytes follows. */
    public void begin(long chunkBytes) {
        throw new UnsupportedOperationException("in work");
    }

    /** True: the chunk is complete; {@code in} stands behind it. */
    public boolean decode(ByteBuf in, ByteBuf out) {
        throw new UnsupportedOperationException("in work");
    }

    /** The last chunk is complete: writes the missing line end and the final dot line. */
    public void finish(ByteBuf out) {
        throw new UnsupportedOperationException("in work");
    }

    /** From here on bytes are counted, but nothing is written. */
    public void discard() {
        throw new UnsupportedOperationException("in work");
    }

    public long contentBytes() {
        throw new UnsupportedOperationException("in work");
    }

    public boolean sawBareLf() {
        throw new UnsupportedOperationException("in work");
    }

    public boolean hasEightBit() {
        throw new UnsupportedOperationException("in work");
    }

    public boolean hasLongLines() {
        throw new UnsupportedOperationException("in work");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;

/** Stub. */
public final class DataDecoder {
    public DataDecoder(BareNewline mode) {}

    /** Makes ready for the next message. */
    public void reset() {
        throw new UnsupportedOperationException("in work");
    }

    /** True: end of data reached; {@code in} stands behind it. */
    public boolean decode(ByteBuf in, ByteBuf out) {
        throw new UnsupportedOperationException("in work");
    }

    /** From here on the end is looked for, but nothing is written. */
    public void discard() {
        throw new UnsupportedOperationException("in work");
    }

    /** Bytes of the content so far, CRLF counted as two, dot-stuffing not counted. */
    public long contentBytes() {
        throw new UnsupportedOperationException("in work");
    }

    public boolean sawBareLf() {
        throw new UnsupportedOperationException("in work");
    }

    public boolean hasEightBit() {
        throw new UnsupportedOperationException("in work");
    }

    /** RFC 5321 §4.5.3.1.6: a line of more than 998 bytes without its end. */
    public boolean hasLongLines() {
        throw new UnsupportedOperationException("in work");
    }
}

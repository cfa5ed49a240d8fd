// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;

/** Stub. */
public final class SmtpLineDecoder {
    public enum Result {
        NEED_MORE,
        LINE,
        /** A line beyond the limit ended; what it said is lost. */
        TOO_LONG
    }

    public SmtpLineDecoder(int lineBytesMax) {}

    /** Consumes bytes up to the end of one line. */
    public Result decode(ByteBuf in) {
        throw new UnsupportedOperationException("in work");
    }

    /** The length of the line without its end. */
    public int length() {
        throw new UnsupportedOperationException("in work");
    }

    /** Copies the line without its end to the start of {@code target}. Valid until the next {@link #decode}. */
    public void copyTo(byte[] target) {
        throw new UnsupportedOperationException("in work");
    }

    /** The line as printable text, for a log; cut to a length that fits there. */
    public String excerpt() {
        throw new UnsupportedOperationException("in work");
    }

    /** True when the line ended with LF alone. */
    public boolean endedByBareLf() {
        throw new UnsupportedOperationException("in work");
    }

    /** True while a line has begun but not ended. */
    public boolean hasPending() {
        throw new UnsupportedOperationException("in work");
    }
}

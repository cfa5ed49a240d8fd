// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a message that follows DATA, and writes the message in its stored wire form (RFC 5321 §4.5.2):
 * CRLF lines, dot-stuffed, closed by the dot line.
 * Thread: the session's; reusable.
 *
 * <p>Unless the bare LF policy is {@link BareNewline#NO}, nothing but CR LF dot CR LF ends a message. The output is at
 * most twice the input and a few bytes.
 */
public final class DataDecoder {
    private final LineNormalizer lines;

    public DataDecoder(BareNewline mode) {
        lines = new LineNormalizer(true, mode.needsStandardEnd());
    }

    /** Prepares for the next message. */
    public void reset() {
        lines.reset();
    }

    /**
     * Consumes what is there, up to the end of the message. True: the end was reached and {@code in} stands behind it;
     * only {@link #reset} may follow.
     */
    public boolean decode(ByteBuf in, ByteBuf out) {
        return lines.transfer(in, in.readableBytes(), out);
    }

    /** Discards the rest: the end is found and bytes are counted, but nothing is written. */
    public void discard() {
        lines.discard();
    }

    /** Bytes of the content so far: a line end counts as two, dot-stuffing does not (RFC 1870 §5). */
    public long contentBytes() {
        return lines.contentBytes();
    }

    /** A bare LF was seen, whatever the policy. */
    public boolean sawBareLf() {
        return lines.sawBareLf();
    }

    public boolean hasEightBit() {
        return lines.hasEightBit();
    }

    /** RFC 5321 §4.5.3.1.6: a line of more than 998 bytes without its end. */
    public boolean hasLongLines() {
        return lines.hasLongLines();
    }
}

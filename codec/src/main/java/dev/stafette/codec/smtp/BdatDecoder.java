// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;

/**
 * Takes the chunks of BDAT (RFC 3030 §2) and writes the message in the same stored wire form as {@link DataDecoder}.
 * Thread: the session's; reusable.
 *
 * <p>A chunk is bytes, not lines: a dot means nothing in it, and a line may go on in the next one. Bytes of a chunk are
 * counted exactly, also when they are discarded.
 */
public final class BdatDecoder {
    private final LineNormalizer lines = new LineNormalizer(false, true);

    // Owned by the session.
    private long missingBytes;

    /** Prepares for the next message. */
    public void reset() {
        lines.reset();
        missingBytes = 0;
    }

    /** A chunk of so many bytes follows. */
    public void begin(long chunkBytes) {
        assert missingBytes == 0 && chunkBytes >= 0 : "chunk in work";
        missingBytes = chunkBytes;
    }

    /** Consumes what is there of the chunk. True: it is complete, and {@code in} stands behind it. */
    public boolean decode(ByteBuf in, ByteBuf out) {
        int length = (int) Math.min(in.readableBytes(), missingBytes);
        missingBytes -= length;
        lines.transfer(in, length, out);
        return missingBytes == 0;
    }

    /** The last chunk is complete: writes the line end if it is missing, and the dot line. Only {@link #reset} may follow. */
    public void finish(ByteBuf out) {
        assert missingBytes == 0 : "chunk in work";
        lines.finish(out);
    }

    /** Bytes of the current chunk that have not come yet. */
    public long missingBytes() {
        return missingBytes;
    }

    /** Discards the rest: bytes are counted, but not written. */
    public void discard() {
        lines.discard();
    }

    /** Bytes of the content so far: a line end counts as two, dot-stuffing does not (RFC 1870 §5). */
    public long contentBytes() {
        return lines.contentBytes();
    }

    /** A bare LF was seen. */
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

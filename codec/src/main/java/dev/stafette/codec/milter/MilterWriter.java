// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.milter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Writes packets for a milter, one after the other: {@link #begin}, its data, {@link #end}.
 * Thread: its owner's.
 */
public final class MilterWriter {
    private static final int LENGTH_BYTES = 4;

    private final ByteBuf out;

    // Owned by the owner.
    private int start;

    /** {@code out}: borrowed while there is something to write. */
    public MilterWriter(ByteBuf out) {
        this.out = out;
    }

    public MilterWriter begin(MilterCommand command) {
        start = out.writerIndex();
        out.writeInt(0).writeByte(command.code());
        return this;
    }

    /** With the NUL that ends it; what follows one in the text is left out. */
    public MilterWriter text(String text) {
        int nul = text.indexOf('\0');
        ByteBufUtil.writeUtf8(out, nul < 0 ? text : text.substring(0, nul));
        out.writeByte(0);
        return this;
    }

    public MilterWriter octet(int value) {
        out.writeByte(value);
        return this;
    }

    public MilterWriter int16(int value) {
        out.writeShort(value);
        return this;
    }

    public MilterWriter int32(int value) {
        out.writeInt(value);
        return this;
    }

    /** All that is readable, which stays so. */
    public MilterWriter bytes(ByteBuf data) {
        out.writeBytes(data, data.readerIndex(), data.readableBytes());
        return this;
    }

    /** A field's name or value out of its stored form, as a text: lines end in LF, and there is no NUL in it. */
    public MilterWriter fieldText(ByteBuf in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = in.getByte(i);
            boolean isLineEnd = b == '\r' && i + 1 < to && in.getByte(i + 1) == '\n';
            if (!isLineEnd) {
                out.writeByte(b == 0 ? ' ' : b);
            }
        }
        out.writeByte(0);
        return this;
    }

    public void end() {
        out.setInt(start, out.writerIndex() - start - LENGTH_BYTES);
    }
}

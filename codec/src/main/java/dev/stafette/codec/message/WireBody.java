// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;

/**
 * Turns the stored form of a message back into its content: takes away the dots that were doubled and the one that ends it
 * (RFC 5321 §4.5.2). Pieces may be cut anywhere.
 * Thread: the owner's.
 */
public final class WireBody {
    private enum State {
        LINE_START,
        AFTER_DOT,
        IN_LINE,
        AFTER_CR,
        /** The dot line's LF is still to come. */
        ENDING,
        END
    }

    private final boolean lineFeedOnly;

    // Owned by the caller's thread.
    private State state = State.LINE_START;

    /** @param lineFeedOnly lines of the content end in LF, as local programs and files have it, not in CRLF */
    public WireBody(boolean lineFeedOnly) {
        this.lineFeedOnly = lineFeedOnly;
    }

    /**
     * Consumes {@code in} up to the end of the message at most and appends content to {@code out}; true when that end has
     * come.
     */
    public boolean decode(ByteBuf in, ByteBuf out) {
        while (in.isReadable() && state != State.END) {
            switch (state) {
                case LINE_START -> {
                    state = State.IN_LINE;
                    if (in.getByte(in.readerIndex()) == '.') {
                        in.skipBytes(1);
                        state = State.AFTER_DOT;
                    }
                }
                case AFTER_DOT -> {
                    state = State.IN_LINE;
                    if (in.getByte(in.readerIndex()) == '\r') {
                        in.skipBytes(1);
                        state = State.ENDING;
                    }
                }
                case ENDING -> {
                    in.skipBytes(1);
                    state = State.END;
                }
                default -> copyLine(in, out);
            }
        }
        return state == State.END;
    }

    /** The rest of the line, or of the piece. */
    private void copyLine(ByteBuf in, ByteBuf out) {
        if (state == State.AFTER_CR && in.getByte(in.readerIndex()) != '\n') {
            out.writeByte('\r');
        }
        int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int end = lineFeed < 0 ? in.writerIndex() : lineFeed;
        int length = end - in.readerIndex();
        boolean cr = lineFeedOnly && length > 0 && in.getByte(end - 1) == '\r';
        out.writeBytes(in, cr ? length - 1 : length);
        if (cr) {
            in.skipBytes(1);
        }
        state = cr ? State.AFTER_CR : State.IN_LINE;
        if (lineFeed >= 0) {
            out.writeByte(in.readByte());
            state = State.LINE_START;
        }
    }

    public boolean isAtEnd() {
        return state == State.END;
    }
}

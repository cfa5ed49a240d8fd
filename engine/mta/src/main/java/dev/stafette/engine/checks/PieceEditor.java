// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a piece of content anew where something in it changes, and leaves it alone where nothing does. Takes and gives the stored
 * wire form; positions count from the piece's reader index.
 * Thread: that of the walk.
 */
final class PieceEditor {
    private static final int SLACK_BYTES = 256;
    private static final int CRLF = '\r' << 8 | '\n';

    private final ByteBufAllocator allocator;

    // Owned by the walk.
    private @Nullable ByteBuf out;
    private int copiedTo;
    /** What has been written last has no line end yet. */
    private boolean inLine;

    PieceEditor(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** {@code beginsInLine}: what was in front of it, as it came, has no line end. */
    void keep(ByteBuf in, int from, int to, boolean beginsInLine, boolean endsLine) {
        if (inLine != beginsInLine) {
            ByteBuf buf = copyTo(in, from);
            int start = in.readerIndex() + from;
            boolean isStuffed = !beginsInLine && from < to && in.getByte(start) == '.';
            int skipped = isStuffed ? 1 : 0;
            if (!inLine && from + skipped < to && in.getByte(start + skipped) == '.') {
                buf.writeByte('.');
            }
            buf.writeBytes(in, start + skipped, to - from - skipped);
            copiedTo = to;
        }
        inLine = !endsLine;
    }

    void drop(ByteBuf in, int from, int to) {
        copyTo(in, from);
        copiedTo = to;
    }

    /** {@code text}: lines with line feeds between them, not stuffed. */
    void replace(ByteBuf in, int from, int to, byte[] text, int length, boolean endsLine) {
        write(copyTo(in, from), text, length, endsLine);
        copiedTo = to;
    }

    void insert(ByteBuf in, int at, byte[] line) {
        write(copyTo(in, at), line, line.length, true);
    }

    private void write(ByteBuf buf, byte[] text, int length, boolean endsLine) {
        if (!inLine && length > 0 && text[0] == '.') {
            buf.writeByte('.');
        }
        for (int i = 0; i < length; i++) {
            if (text[i] == '\n') {
                buf.writeByte('\r');
            }
            buf.writeByte(text[i]);
        }
        if (endsLine) {
            buf.writeShort(CRLF);
        }
        inLine = !endsLine;
    }

    /** Behind the last line: ends one that was left open. */
    void endLine(ByteBuf in, int at) {
        if (inLine) {
            copyTo(in, at).writeShort(CRLF);
            inLine = false;
        }
    }

    private ByteBuf copyTo(ByteBuf in, int to) {
        ByteBuf buf = out;
        if (buf == null) {
            buf = allocator.directBuffer(in.readableBytes() + SLACK_BYTES);
            out = buf;
        }
        buf.writeBytes(in, in.readerIndex() + copiedTo, to - copiedTo);
        copiedTo = to;
        return buf;
    }

    /** The piece ends there. Returns what stands in its place, which is the caller's; null: it is as it came. */
    @Nullable
    ByteBuf take(ByteBuf in, int to) {
        ByteBuf buf = out == null ? null : copyTo(in, to);
        out = null;
        copiedTo = 0;
        return buf;
    }

    void close() {
        ByteBuf buf = out;
        out = null;
        if (buf != null) {
            buf.release();
        }
    }
}

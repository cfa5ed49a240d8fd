// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Takes command lines out of the bytes a client sends, however they are split (RFC 5321 §2.3.8).
 * Thread: the session's.
 *
 * <p>It is a flyweight: what it says of the line found last holds until the next {@link #decode}, and only as long as the
 * caller leaves the input alone. A line that came whole is read where it stands; only a split one is gathered, in memory
 * that is given back with it. LF ends a line, with or without CR. What is longer than the limit is cut off, as by Postfix.
 */
public final class SmtpLineDecoder {
    public enum Result {
        NEED_MORE,
        LINE
    }

    private static final int EXCERPT_BYTES_MAX = 30;
    private static final byte[] NOTHING = new byte[0];

    private final int lineBytesMax;

    // Owned by the session: the line found last, in source (split: in gathered), and the one that has begun.
    private ByteBuf source = Unpooled.EMPTY_BUFFER;
    private int start;
    private int length;
    private boolean bareLf;
    private byte[] gathered = NOTHING;
    private int gatheredLength;
    private boolean split;
    private boolean cut;
    /** Of the line that has begun: more came than is kept. */
    private boolean overlong;

    /** @param lineBytesMax line_length_limit, without the line end */
    public SmtpLineDecoder(int lineBytesMax) {
        this.lineBytesMax = lineBytesMax;
    }

    /** Consumes bytes up to the end of one line. */
    public Result decode(ByteBuf in) {
        if (split) {
            split = false;
            gathered = NOTHING;
        }
        source = Unpooled.EMPTY_BUFFER;
        start = 0;
        length = 0;
        int from = in.readerIndex();
        int lineFeed = in.indexOf(from, in.writerIndex(), (byte) '\n');
        if (lineFeed < 0) {
            gather(in, in.readableBytes());
            return Result.NEED_MORE;
        }
        if (gatheredLength > 0) {
            gather(in, lineFeed - from);
            in.skipBytes(1);
            endGathered();
            return Result.LINE;
        }
        in.readerIndex(lineFeed + 1);
        start = from;
        source = in;
        endLine(lineFeed - from, lineFeed > from && in.getByte(lineFeed - 1) == '\r');
        return Result.LINE;
    }

    private void gather(ByteBuf in, int count) {
        // One more for the CR.
        int kept = Math.min(count, lineBytesMax + 1 - gatheredLength);
        if (gatheredLength + kept > gathered.length) {
            int room = Math.max(gatheredLength + kept, Math.min(gathered.length * 2, lineBytesMax + 1));
            gathered = Arrays.copyOf(gathered, room);
        }
        in.readBytes(gathered, gatheredLength, kept);
        gatheredLength += kept;
        overlong |= kept < count;
        in.skipBytes(count - kept);
    }

    private void endGathered() {
        int count = gatheredLength;
        gatheredLength = 0;
        split = true;
        endLine(overlong ? count + 1 : count, !overlong && gathered[count - 1] == '\r');
        overlong = false;
    }

    /** {@code count}: without LF. */
    private void endLine(int count, boolean endsWithCr) {
        int content = endsWithCr ? count - 1 : count;
        length = Math.min(content, lineBytesMax);
        cut = content > lineBytesMax;
        // Of the end of a line that is cut nothing is known.
        bareLf = !endsWithCr && !cut;
    }

    /** The length of the line without its end. */
    public int length() {
        return length;
    }

    /** Copies the line without its end to the start of {@code target}. */
    public void copyTo(byte[] target) {
        copyTo(target, 0);
    }

    public void copyTo(byte[] target, int offset) {
        if (split) {
            System.arraycopy(gathered, 0, target, offset, length);
        } else {
            source.getBytes(start, target, offset, length);
        }
    }

    /** The line as printable ASCII, for a log; cut to a length that fits there. */
    public String excerpt() {
        byte[] bytes = new byte[length];
        copyTo(bytes);
        return CommandText.printable(bytes, 0, length, EXCERPT_BYTES_MAX);
    }

    /** There was more than the limit: the line is its beginning. */
    public boolean isCut() {
        return cut;
    }

    /** The line ended with LF alone. */
    public boolean endedByBareLf() {
        return bareLf;
    }

    /** A line has begun but not ended. */
    public boolean hasPending() {
        return gatheredLength > 0;
    }
}

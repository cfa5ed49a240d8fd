// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Turns incoming text into the stored wire form: every line ends with CRLF, lines that start with a dot are stuffed, and
 * a bare CR becomes a space (cleanup_replace_stray_cr_lf; RFC 5321 §2.3.8, §4.5.2).
 * Thread: the session's.
 *
 * <p>Clean stretches are copied in one run; only what breaks a run goes byte by byte through the states. Nothing is looked
 * at twice, so it does not matter where the input is split. A CR or dot that may belong to a line end is kept back as a
 * state and not in a buffer.
 *
 * <pre>
 * LINE_START, LOOSE_START  (after CRLF, after bare LF)
 *     '.'  → DOT, LOOSE_DOT when the input is stuffed; else a dot is added → IN_LINE
 *     any  → as IN_LINE
 * IN_LINE         CR → CR    LF → LOOSE_START
 * CR              LF → LINE_START    any → space, IN_LINE
 * DOT, LOOSE_DOT  CR → (LOOSE_)DOT_CR    LF → LOOSE_START, or END where any line end will do    any → IN_LINE
 * DOT_CR          LF → END    any → space, IN_LINE
 * LOOSE_DOT_CR    LF → LINE_START, or END where any line end will do    any → space, IN_LINE
 * </pre>
 */
final class LineNormalizer {
    /** RFC 5321 §4.5.3.1.6, without the line end. */
    static final int TEXT_LINE_BYTES_MAX = 998;

    private static final int CRLF = '\r' << 8 | '\n';
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = EACH_BYTE << 7;

    /** Bytes below this one are looked at: CR and LF, and the few controls that share the test. */
    private static final int LOOKED_AT_BELOW = '\r' + 1;

    private enum State {
        LINE_START,
        LOOSE_START,
        IN_LINE,
        CR,
        DOT,
        LOOSE_DOT,
        DOT_CR,
        LOOSE_DOT_CR,
        END
    }

    private final boolean stuffedInput;
    private final boolean standardEnd;

    // Owned by the session: the message in work.
    private State state = State.LINE_START;
    private int lineLength;
    private long contentBytes;
    private boolean bareLf;
    private long seenBits;
    private boolean longLines;
    private boolean discarding;

    /**
     * @param stuffedInput lines that start with a dot are stuffed already, and a dot alone ends the message
     * @param standardEnd only CR LF dot CR LF ends it
     */
    LineNormalizer(boolean stuffedInput, boolean standardEnd) {
        this.stuffedInput = stuffedInput;
        this.standardEnd = standardEnd;
    }

    void reset() {
        state = State.LINE_START;
        lineLength = 0;
        contentBytes = 0;
        bareLf = false;
        seenBits = 0;
        longLines = false;
        discarding = false;
    }

    /** Consumes up to {@code length} bytes; true when the message ended, the final dot line included. */
    boolean transfer(ByteBuf in, int length, ByteBuf out) {
        assert state != State.END : "message ended";
        int at = in.readerIndex();
        int end = at + length;
        while (at < end && state != State.END) {
            if (state.ordinal() <= State.IN_LINE.ordinal()) {
                int stop = cleanRunEnd(in, at, end);
                if (stop > at) {
                    writeContent(in, at, stop - at, out);
                    at = stop;
                    continue;
                }
            }
            if (step(in.getByte(at), out)) {
                at++;
            }
        }
        in.readerIndex(at);
        return state == State.END;
    }

    /** The first byte from {@code at} on that cannot be copied as it is. */
    private int cleanRunEnd(ByteBuf in, int at, int end) {
        boolean fresh = state != State.IN_LINE;
        // Netty's own accessors ask with each word whether the buffer has been released meanwhile.
        ByteBuffer text = in.nioBufferCount() == 1 ? in.internalNioBuffer(at, end - at) : in.nioBuffer(at, end - at);
        int from = text.position();
        int to = from + end - at;
        int lineBegin = from - lineLength;
        int i = from;
        while (i < to && !(fresh && text.get(i) == '.')) {
            i = skipText(text, i, to);
            if (i + 1 < to && text.getShort(i) == CRLF) {
                longLines |= i - lineBegin > TEXT_LINE_BYTES_MAX;
                i += 2;
                lineBegin = i;
                fresh = true;
            } else if (i == to || text.get(i) == '\r' || text.get(i) == '\n') {
                break;
            } else {
                i++;
                fresh = false;
            }
        }
        if (i > from) {
            state = fresh && lineBegin == i ? State.LINE_START : State.IN_LINE;
            countLine(i - lineBegin);
        }
        return at + i - from;
    }

    /** The first byte from {@code from} on that is below {@link #LOOKED_AT_BELOW}. {@code in}: big-endian. */
    private int skipText(ByteBuffer in, int from, int end) {
        long seen = 0;
        int i = from;
        while (i <= end - Long.BYTES) {
            long word = in.getLong(i);
            // With its high bit set no byte borrows from the next; a byte whose high bit is gone was below the bound.
            long found = ~((word | HIGH_BITS) - LOOKED_AT_BELOW * EACH_BYTE | word) & HIGH_BITS;
            if (found != 0) {
                int clean = Long.numberOfLeadingZeros(found) >>> 3;
                // Only what stands before it: bytes behind the end of the message may be another one's.
                seenBits |= seen | word & ~(-1L >>> (clean << 3));
                return i + clean;
            }
            seen |= word;
            i += Long.BYTES;
        }
        while (i < end) {
            byte b = in.get(i);
            if (b >= 0 && b < LOOKED_AT_BELOW) {
                break;
            }
            seen |= b;
            i++;
        }
        seenBits |= seen;
        return i;
    }

    private void countLine(int length) {
        // Kept just above the limit, so that no line is long enough to overflow it.
        lineLength = Math.min(length, TEXT_LINE_BYTES_MAX + 1);
        longLines |= lineLength > TEXT_LINE_BYTES_MAX;
    }

    /** Returns false when the byte is to be looked at again in the new state. */
    private boolean step(byte b, ByteBuf out) {
        switch (state) {
            case LINE_START, LOOSE_START, IN_LINE:
                return stepInLine(b, out);
            case CR:
                if (b == '\n') {
                    endLine(State.LINE_START, out);
                    return true;
                }
                replaceCr(out);
                return false;
            case DOT, LOOSE_DOT:
                return stepAfterDot(b, out);
            case DOT_CR, LOOSE_DOT_CR:
                if (b == '\n') {
                    endDotLine(state == State.DOT_CR, State.LINE_START, out);
                    return true;
                }
                stuff(out);
                replaceCr(out);
                return false;
            default:
                throw new IllegalStateException("message ended");
        }
    }

    private boolean stepInLine(byte b, ByteBuf out) {
        if (b == '\r') {
            state = State.CR;
            return true;
        }
        if (b == '\n') {
            bareLf = true;
            endLine(State.LOOSE_START, out);
            return true;
        }
        assert b == '.' && state != State.IN_LINE : "clean byte " + b;
        if (stuffedInput) {
            state = state == State.LINE_START ? State.DOT : State.LOOSE_DOT;
            return true;
        }
        stuff(out);
        state = State.IN_LINE;
        return false;
    }

    private boolean stepAfterDot(byte b, ByteBuf out) {
        if (b == '\r') {
            state = state == State.DOT ? State.DOT_CR : State.LOOSE_DOT_CR;
            return true;
        }
        if (b == '\n') {
            bareLf = true;
            endDotLine(false, State.LOOSE_START, out);
            return true;
        }
        stuff(out);
        state = State.IN_LINE;
        return false;
    }

    private void endDotLine(boolean standard, State next, ByteBuf out) {
        if (standard || !standardEnd) {
            state = State.END;
            writeEnd(out);
            return;
        }
        // A dot for content, which must not end the message on its next hop either.
        stuff(out);
        writeContent('.', out);
        endLine(next, out);
    }

    private void endLine(State next, ByteBuf out) {
        if (!discarding) {
            out.writeShort(CRLF);
        }
        contentBytes += 2;
        lineLength = 0;
        state = next;
    }

    private void replaceCr(ByteBuf out) {
        writeContent(' ', out);
        state = State.IN_LINE;
    }

    private void stuff(ByteBuf out) {
        if (!discarding) {
            out.writeByte('.');
        }
    }

    private void writeContent(char c, ByteBuf out) {
        if (!discarding) {
            out.writeByte(c);
        }
        contentBytes++;
        countLine(lineLength + 1);
    }

    private void writeContent(ByteBuf in, int at, int length, ByteBuf out) {
        if (!discarding) {
            out.writeBytes(in, at, length);
        }
        contentBytes += length;
    }

    private void writeEnd(ByteBuf out) {
        if (!discarding) {
            out.writeByte('.').writeShort(CRLF);
        }
    }

    /** The input is over: ends the line that is open and the message. */
    void finish(ByteBuf out) {
        if (state == State.CR) {
            replaceCr(out);
        }
        if (state == State.IN_LINE) {
            endLine(State.LINE_START, out);
        }
        state = State.END;
        writeEnd(out);
    }

    void discard() {
        discarding = true;
    }

    long contentBytes() {
        return contentBytes;
    }

    boolean sawBareLf() {
        return bareLf;
    }

    boolean hasEightBit() {
        return (seenBits & HIGH_BITS) != 0;
    }

    boolean hasLongLines() {
        return longLines;
    }
}

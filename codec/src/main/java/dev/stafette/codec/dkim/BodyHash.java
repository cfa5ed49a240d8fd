// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a body in its canonical form (RFC 6376 §3.4.3, §3.4.4), while it streams by in the stored wire form: dots at
 * the start of lines are doubled there, and a dot line ends it. Pieces may be cut anywhere; nothing of the body is kept.
 * Thread: its owner's; for one message.
 */
public final class BodyHash {
    private static final int PIECE_BYTES = 4096;
    /** Of text that is put together byte by byte; longer stretches that are canonical as they came are hashed in place. */
    private static final int JOINED_BYTES = 256;
    /** What one byte of the body can come to at once, but for blank lines: a CR, a space and itself. */
    private static final int EXPANSION_BYTES = 4;

    private static final byte[] LINE_END = {'\r', '\n'};

    private enum State {
        LINE_START,
        /** A dot at the start of a line, which is not content. */
        AFTER_DOT,
        IN_LINE,
        /** The dot line's LF is still to come. */
        ENDING,
        END
    }

    private final boolean relaxed;
    /** Of the canonical form, from its start; what follows is counted and not covered. */
    private final long coveredBytes;

    private final MessageDigest digest = sha256();
    private final byte[] in = new byte[PIECE_BYTES];
    private final byte[] out = new byte[JOINED_BYTES + EXPANSION_BYTES];

    private State state = State.LINE_START;
    private long canonicalBytes;
    private int length;
    /** Empty lines that count only if something follows. */
    private long blankLines;

    private boolean lineIsEmpty = true;
    private boolean pendingSpace;
    private boolean pendingCr;
    private boolean isEmpty = true;

    public BodyHash(Canonicalization body) {
        this(body, Long.MAX_VALUE);
    }

    /** {@code coveredBytes}: of the canonical form ({@code l=}). */
    public BodyHash(Canonicalization body, long coveredBytes) {
        this.relaxed = body == Canonicalization.RELAXED;
        this.coveredBytes = coveredBytes;
    }

    /** Of the whole canonical form, behind {@link #end}. */
    public long canonicalBytes() {
        return canonicalBytes;
    }

    private void hash(byte[] bytes, int from, int count) {
        long room = coveredBytes - canonicalBytes;
        if (room > 0) {
            digest.update(bytes, from, (int) Math.min(room, count));
        }
        canonicalBytes += count;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The next of the body's bytes; those behind the dot line are not looked at. The piece stays as it is. */
    public void add(ByteBuf piece) {
        int at = piece.readerIndex();
        while (at < piece.writerIndex() && state != State.END) {
            int count = Math.min(in.length, piece.writerIndex() - at);
            piece.getBytes(at, in, 0, count);
            at += count;
            addBytes(count);
        }
    }

    private void addBytes(int count) {
        int at = 0;
        while (at < count) {
            int to = state == State.IN_LINE && !pendingCr && !pendingSpace ? canonicalEnd(at, count) : at;
            if (to > at) {
                text(at, to - at);
                at = to;
            } else if (state == State.IN_LINE) {
                take(in[at++]);
            } else {
                atLineStart(in[at++]);
            }
        }
    }

    /** Behind the bytes, from within a line on, that are canonical as they are: most of a body, the line ends too. */
    private int canonicalEnd(int from, int count) {
        byte[] bytes = in;
        int at = from;
        while (at < count) {
            byte b = bytes[at];
            if (isText(b)) {
                at++;
            } else if (b == ' ' && at + 1 < count && isText(bytes[at + 1])) {
                at += 2;
            } else if (b == '\r' && isPlainLineEnd(bytes, at, count) && (at > from || !lineIsEmpty)) {
                at += 3;
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isText(byte b) {
        return b > ' ' || b < 0;
    }

    /** The line end, and behind it text without a dot that might have been doubled. */
    private static boolean isPlainLineEnd(byte[] bytes, int at, int count) {
        return at + 2 < count && bytes[at + 1] == '\n' && isText(bytes[at + 2]) && bytes[at + 2] != '.';
    }

    /** Canonical as it is. */
    private void text(int from, int count) {
        beginText();
        if (length + count <= JOINED_BYTES) {
            System.arraycopy(in, from, out, length, count);
            length += count;
            return;
        }
        flush();
        hash(in, from, count);
    }

    private void beginText() {
        if (lineIsEmpty) {
            lineIsEmpty = false;
            isEmpty = false;
            writeBlankLines();
        }
    }

    private void atLineStart(byte b) {
        switch (state) {
            case LINE_START -> {
                if (b == '.') {
                    state = State.AFTER_DOT;
                    return;
                }
                state = State.IN_LINE;
                take(b);
            }
            case AFTER_DOT -> {
                if (b == '\r') {
                    state = State.ENDING;
                    return;
                }
                state = State.IN_LINE;
                take(b);
            }
            case ENDING -> state = State.END;
            default -> {
                // Behind the end.
            }
        }
    }

    private void take(byte b) {
        if (b == '\n' && pendingCr) {
            endLine();
        } else if (b == '\r') {
            if (pendingCr) {
                loneCr();
            }
            pendingCr = true;
        } else if (relaxed && !pendingCr && (b == ' ' || b == '\t')) {
            pendingSpace = true;
        } else if (relaxed && (b == ' ' || b == '\t')) {
            loneCr();
            pendingSpace = true;
        } else {
            content(b);
        }
    }

    /** A CR that ends no line is content. */
    private void loneCr() {
        pendingCr = false;
        content((byte) '\r');
    }

    private void content(byte b) {
        beginText();
        if (pendingSpace) {
            pendingSpace = false;
            out[length++] = ' ';
        }
        if (pendingCr) {
            pendingCr = false;
            out[length++] = '\r';
        }
        out[length++] = b;
        if (length >= JOINED_BYTES) {
            flush();
        }
    }

    private void endLine() {
        pendingCr = false;
        pendingSpace = false;
        state = State.LINE_START;
        if (lineIsEmpty) {
            blankLines++;
            return;
        }
        lineIsEmpty = true;
        out[length++] = '\r';
        out[length++] = '\n';
        if (length >= JOINED_BYTES) {
            flush();
        }
    }

    private void writeBlankLines() {
        if (blankLines == 0) {
            return;
        }
        flush();
        for (; blankLines > 0; blankLines--) {
            hash(LINE_END, 0, LINE_END.length);
        }
    }

    private void flush() {
        if (length == 0) {
            return;
        }
        hash(out, 0, length);
        length = 0;
    }

    /** Of all that came. The hash cannot be added to afterwards. */
    public byte[] end() {
        if (pendingCr) {
            loneCr();
        }
        if (!lineIsEmpty) {
            // A last line without its end gets one.
            endLine();
        }
        if (isEmpty && !relaxed) {
            hash(LINE_END, 0, LINE_END.length);
        }
        flush();
        state = State.END;
        return digest.digest();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Turns a message with 8-bit content into one without, for a server that does not offer 8BITMIME (RFC 6152 §3): every
 * part that is not encoded yet becomes quoted-printable, those around it are declared 7bit. Octets above 127 where there
 * should be none (header fields, preambles, broken base64) stay: most servers take them all the same. Takes and gives the stored form: CRLF lines, dot-stuffed, ended by the dot.
 * Thread: the owner's.
 *
 * <pre>
 *   HEADER → QUOTED    at its end: a part to encode
 *   HEADER → PASSED    at its end: one that is encoded, or the preamble of a multipart
 *   HEADER → HEADER    at its end: a message within
 *   QUOTED, PASSED → HEADER    a boundary line of any multipart we are in
 *   QUOTED, PASSED → PASSED    its closing boundary: epilogue
 * </pre>
 * A part that says it is 7bit is encoded too: what it holds is known only when it has gone.
 */
public final class SevenBitEncoder {
    /** Longer lines come in pieces; no boundary is that long (RFC 2046 §5.1.1: 70). */
    private static final int PIECE_BYTES = 2048;

    /** What follows a longer header is passed as it is; Postfix's header_size_limit. */
    private static final int HEADER_BYTES_MAX = 102_400;

    /** Postfix's mime_nesting_limit is 100; deeper ones are passed as they are. */
    private static final int DEPTH_MAX = 100;

    private enum State {
        HEADER,
        QUOTED,
        PASSED,
        /** To the end of the message. */
        GIVEN_UP
    }

    private record Level(byte[] boundary, boolean digest) {}

    private final QuotedPrintableEncoder quoted = new QuotedPrintableEncoder();
    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private final byte[] line = new byte[PIECE_BYTES];

    // Owned by the caller's thread.
    private State state = State.HEADER;
    private boolean headerOfMessage = true;
    private byte[] header = new byte[1024];
    private int headerLength;
    private int lineLength;
    private boolean atLineStart = true;
    private boolean ended;

    /** Consumes {@code in} and appends to {@code out}. */
    public void encode(ByteBuf in, ByteBuf out) {
        while (in.isReadable() && !ended) {
            int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            int count = (lineFeed < 0 ? in.writerIndex() : lineFeed + 1) - in.readerIndex();
            int taken = Math.min(count, line.length - lineLength);
            in.readBytes(line, lineLength, taken);
            lineLength += taken;
            if (lineLength == line.length || line[lineLength - 1] == '\n') {
                endPiece(out);
            }
        }
        in.skipBytes(in.readableBytes());
    }

    /** All has come. */
    public void finish(ByteBuf out) {
        if (lineLength > 0) {
            endPiece(out);
        }
        if (!ended) {
            end(out);
        }
    }

    private void endPiece(ByteBuf out) {
        boolean whole = line[lineLength - 1] == '\n';
        int end = lineLength;
        if (whole) {
            end -= end > 1 && line[end - 2] == '\r' ? 2 : 1;
        } else if (line[lineLength - 1] == '\r') {
            // The CR of a line end that the next piece completes.
            end--;
        }
        int start = 0;
        if (atLineStart && line[0] == '.') {
            if (whole && end == 1) {
                end(out);
                return;
            }
            start = 1;
        }
        piece(start, end, whole, out);
        boolean heldCr = !whole && end < lineLength;
        lineLength = heldCr ? 1 : 0;
        if (heldCr) {
            line[0] = '\r';
        }
        atLineStart = whole;
    }

    private void piece(int start, int end, boolean whole, ByteBuf out) {
        if (atLineStart && (state == State.QUOTED || state == State.PASSED) && atBoundary(start, end)) {
            pass(start, end, whole, out);
            return;
        }
        switch (state) {
            case HEADER:
                headerPiece(start, end, whole, out);
                break;
            case QUOTED:
                quoted.write(line, start, end, out);
                if (whole) {
                    quoted.endLine(out);
                }
                break;
            default:
                pass(start, end, whole, out);
                break;
        }
    }

    private void end(ByteBuf out) {
        if (state == State.HEADER) {
            endHeader(out);
        }
        if (!atLineStart) {
            out.writeShort('\r' << 8 | '\n');
        }
        out.writeByte('.');
        out.writeShort('\r' << 8 | '\n');
        lineLength = 0;
        ended = true;
    }

    // Headers. -------------------------------------------------------------------------------------------------------

    private void headerPiece(int start, int end, boolean whole, ByteBuf out) {
        if (atLineStart && whole && start == end) {
            State next = endHeader(out);
            out.writeShort('\r' << 8 | '\n');
            state = next;
            return;
        }
        if (atLineStart && !isFieldLine(start, end)) {
            // Content without the empty line before it, as Postfix takes it.
            State next = endHeader(out);
            out.writeShort('\r' << 8 | '\n');
            state = next == State.HEADER ? State.QUOTED : next;
            piece(start, end, whole, out);
            return;
        }
        int length = headerLength + end - start + 2;
        if (length > HEADER_BYTES_MAX) {
            state = State.GIVEN_UP;
            writeHeader(new String(header, 0, headerLength, StandardCharsets.ISO_8859_1), out);
            pass(start, end, whole, out);
            return;
        }
        if (length > header.length) {
            header = Arrays.copyOf(header, Math.max(length, header.length * 2));
        }
        System.arraycopy(line, start, header, headerLength, end - start);
        headerLength += end - start;
        if (whole) {
            header[headerLength++] = '\r';
            header[headerLength++] = '\n';
        }
    }

    /** RFC 5322 §2.2: a name of printable characters and a colon, or more of the field before. */
    private boolean isFieldLine(int start, int end) {
        if (start < end && (line[start] == ' ' || line[start] == '\t')) {
            return headerLength > 0;
        }
        for (int i = start; i < end; i++) {
            if (line[i] == ':') {
                return i > start;
            }
            if (line[i] <= ' ' || line[i] == 0x7f) {
                return false;
            }
        }
        return false;
    }

    /** Writes the header as it has to be and returns what its body is. */
    private State endHeader(ByteBuf out) {
        boolean digest = !levels.isEmpty() && !headerOfMessage && levels.getFirst().digest;
        MimePartHeader fields = new MimePartHeader(header, headerLength, digest);
        boolean ofMessage = headerOfMessage;
        headerOfMessage = fields.isMessage();
        State next;
        if (fields.isMultipart() && levels.size() < DEPTH_MAX) {
            levels.push(new Level(fields.boundary(), fields.isDigest()));
            writeHeader(fields.withEncoding("7bit", ofMessage), out);
            next = State.PASSED;
        } else if (fields.isMessage() && !fields.isEncoded()) {
            writeHeader(fields.withEncoding("7bit", ofMessage), out);
            next = State.HEADER;
        } else if (fields.isEncoded() || fields.isOpaque()) {
            writeHeader(new String(header, 0, headerLength, StandardCharsets.ISO_8859_1), out);
            next = State.PASSED;
        } else {
            writeHeader(fields.withEncoding("quoted-printable", ofMessage), out);
            next = State.QUOTED;
        }
        headerLength = 0;
        return next;
    }

    /** The last line may be without its end, and stays so. */
    private static void writeHeader(String text, ByteBuf out) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end++] != '\n') {
                // On to the end of the line.
            }
            if (bytes[start] == '.') {
                out.writeByte('.');
            }
            out.writeBytes(bytes, start, end - start);
            start = end;
        }
    }

    // Bodies. --------------------------------------------------------------------------------------------------------

    /** RFC 2046 §5.1.1: a boundary of any level ends all that are below. */
    private boolean atBoundary(int start, int end) {
        if (end - start < 3 || line[start] != '-' || line[start + 1] != '-') {
            return false;
        }
        int depth = 0;
        for (Iterator<Level> all = levels.iterator(); all.hasNext(); depth++) {
            byte[] boundary = all.next().boundary;
            int after = start + 2 + boundary.length;
            if (after > end || !Arrays.equals(line, start + 2, after, boundary, 0, boundary.length)) {
                continue;
            }
            boolean closing = after + 2 <= end && line[after] == '-' && line[after + 1] == '-';
            if (!isBlank(closing ? after + 2 : after, end)) {
                continue;
            }
            for (int i = closing ? -1 : 0; i < depth; i++) {
                levels.pop();
            }
            state = closing ? State.PASSED : State.HEADER;
            headerOfMessage = false;
            return true;
        }
        return false;
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] != ' ' && line[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private void pass(int start, int end, boolean whole, ByteBuf out) {
        if (atLineStart && start < end && line[start] == '.') {
            out.writeByte('.');
        }
        out.writeBytes(line, start, end - start);
        if (whole) {
            out.writeShort('\r' << 8 | '\n');
        }
    }
}

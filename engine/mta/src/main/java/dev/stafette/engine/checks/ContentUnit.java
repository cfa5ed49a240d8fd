// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.MimeStructure;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at at once: a field, or a line, or a piece of a long one. Its octets are as the sender meant them: without
 * stuffed dots, a line feed for a fold, and no line end behind them.
 * Thread: that of the walk.
 */
final class ContentUnit {
    /** RFC 5321 §4.5.3.1.6, without the line end. */
    private static final int LINE_BYTES_MAX = 998;

    private final ContentLimits limits;
    private final OctetSet stripped;

    // Owned by the walk.
    private byte[] bytes = new byte[2048];
    private int length;
    private boolean isStripped;
    private boolean isCut;
    private boolean addsEightBit;
    private boolean addsLongLine;
    private @Nullable String text;

    ContentUnit(ContentLimits limits, OctetSet stripped) {
        this.limits = limits;
        this.stripped = stripped;
    }

    // Where it ends. -------------------------------------------------------------------------------------------------

    /** Behind the line end, or at most so many bytes on, counted from the reader index; -1: it has not come. */
    static int lineEnd(ByteBuf in, int from, int bytesMax, boolean isLast) {
        int available = in.readableBytes() - from;
        int start = in.readerIndex() + from;
        int end = in.indexOf(start, start + Math.min(available, bytesMax), (byte) '\n');
        if (end >= 0) {
            return end + 1 - in.readerIndex();
        }
        if (available < bytesMax || available == bytesMax && !isLast) {
            return isLast ? in.readableBytes() : -1;
        }
        // A line end stays whole.
        return from + (in.getByte(start + bytesMax - 1) == '\r' ? bytesMax - 1 : bytesMax);
    }

    /** The same of a field, whose first line ends at {@code lineEnd}: behind its last line. */
    static int fieldEnd(ByteBuf in, int from, int lineEnd, int bytesMax, boolean isLast) {
        int end = lineEnd;
        while (end - from < bytesMax) {
            if (end == in.readableBytes()) {
                return isLast ? end : -1;
            }
            byte next = in.getByte(in.readerIndex() + end);
            if (next != ' ' && next != '\t' || in.getByte(in.readerIndex() + end - 1) != '\n') {
                return end;
            }
            int lineFeed = in.indexOf(in.readerIndex() + end, in.writerIndex(), (byte) '\n');
            if (lineFeed < 0 && !isLast && in.readableBytes() - from < bytesMax) {
                return -1;
            }
            end = lineFeed < 0 ? in.readableBytes() : lineFeed + 1 - in.readerIndex();
        }
        return end;
    }

    // What it holds. -------------------------------------------------------------------------------------------------

    /** Positions count from the reader index. {@code inLine}: it does not begin a line. */
    void load(ByteBuf in, int from, int to, boolean inLine) {
        take(in, in.readerIndex() + from, in.readerIndex() + to, inLine);
        isCut = to - from >= limits.fieldBytes();
    }

    void load(HeaderFields header, int index) {
        ByteBuf in = header.bytes(index);
        take(in, header.start(index), Math.min(header.end(index), header.start(index) + limits.fieldBytes()), false);
    }

    private void take(ByteBuf in, int from, int to, boolean inLine) {
        int start = !inLine && from < to && in.getByte(from) == '.' ? from + 1 : from;
        length = to - start;
        if (length > bytes.length) {
            bytes = new byte[Math.max(length, bytes.length * 2)];
        }
        in.getBytes(start, bytes, 0, length);
        if (length > 0 && bytes[length - 1] == '\n') {
            length--;
            length -= length > 0 && bytes[length - 1] == '\r' ? 1 : 0;
        }
        unfold();
        isStripped = false;
        text = null;
    }

    private void unfold() {
        int to = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] != '\r' || i + 1 == length || bytes[i + 1] != '\n') {
                bytes[to++] = bytes[i];
            }
        }
        length = to;
    }

    /** Of a field: {@code name :} is {@code name:} to tables (RFC 5322 §4.5). */
    void joinName() {
        int nameEnd = nameEnd();
        int colon = nameEnd;
        while (nameEnd > 0 && bytes[colon] != ':') {
            colon++;
        }
        if (colon > nameEnd) {
            System.arraycopy(bytes, colon, bytes, nameEnd, length - colon);
            length -= colon - nameEnd;
        }
    }

    private int nameEnd() {
        int at = 0;
        while (at < length && bytes[at] > ' ' && bytes[at] != 0x7f && bytes[at] != ':') {
            at++;
        }
        int colon = at;
        while (colon < length && (bytes[colon] == ' ' || bytes[colon] == '\t')) {
            colon++;
        }
        return colon < length && bytes[colon] == ':' ? at : 0;
    }

    boolean isField() {
        return nameEnd() > 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** More of the field follows than is looked at. */
    boolean isCut() {
        return isCut;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isAscii() {
        return CheckText.isAscii(bytes, length);
    }

    /** The line in which one of them is; null: none is there. */
    @Nullable
    String lineWith(OctetSet set) {
        if (set.isEmpty()) {
            return null;
        }
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                start = i + 1;
            } else if (set.has(bytes[i])) {
                int end = i;
                while (end < length && bytes[end] != '\n') {
                    end++;
                }
                byte[] line = Arrays.copyOfRange(bytes, start, end);
                return CheckText.forLog(line, line.length);
            }
        }
        return null;
    }

    /** Takes the characters out that a message loses. */
    void strip() {
        if (stripped.isEmpty()) {
            return;
        }
        int to = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n' || !stripped.has(bytes[i])) {
                bytes[to++] = bytes[i];
            }
        }
        isStripped = to < length;
        length = to;
        text = null;
    }

    /** It is not as it came. */
    boolean isStripped() {
        return isStripped;
    }

    boolean isBoundaryOf(MimeStructure structure) {
        return structure.onBodyLine(bytes, length);
    }

    String logText() {
        return CheckText.forLog(bytes, length);
    }

    /** For tables. */
    String text() {
        String known = text;
        if (known == null) {
            known = CheckText.decode(bytes, length);
            text = known;
        }
        return known;
    }

    /** One char an octet. */
    String octets() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** What a table has made of it, or put beside it. */
    byte[] encode(String result) {
        byte[] octets = CheckText.encode(result, bytes, length);
        addsEightBit |= !CheckText.isAscii(octets, octets.length);
        addsLongLine |= octets.length > LINE_BYTES_MAX;
        return octets;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    /** A text that was encoded has an octet above 127. */
    boolean addsEightBit() {
        return addsEightBit;
    }

    /** A text that was encoded is longer than 998 octets. */
    boolean addsLongLine() {
        return addsLongLine;
    }
}

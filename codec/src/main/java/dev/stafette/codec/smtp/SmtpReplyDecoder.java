// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.status.EnhancedStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a server's replies out of the bytes it sends, however they are split (RFC 5321 §4.2, §4.2.1).
 * Thread: the session's.
 *
 * <p>It is a flyweight: {@link #code}, {@link #text} and {@link #reply} speak of the reply found last and hold until the
 * next {@link #decode}. A reply that nobody reads the text of costs no garbage. Lines of one reply should carry one code;
 * where they do not, the last counts, as with Postfix. A line end may be a bare LF. After any result but
 * {@code NEED_MORE} and {@code REPLY} the stream cannot be trusted any more.
 */
public final class SmtpReplyDecoder {
    public enum Result {
        NEED_MORE,
        REPLY,
        /** A line that starts with no reply code. */
        BAD_LINE,
        LINE_TOO_LONG,
        TOO_MANY_LINES
    }

    private static final int CODE_LENGTH = 3;
    private static final int INITIAL_BYTES = 128;

    private final int lineBytesMax;
    private final int linesMax;

    // Owned by the session: the lines of the current reply, LF between them, without CR.
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;
    private int lineStart;
    private int lineCount;
    private int code;
    private boolean complete;

    /**
     * A reply takes at most {@code lineBytesMax * linesMax} bytes.
     *
     * @param lineBytesMax without the line end
     */
    public SmtpReplyDecoder(int lineBytesMax, int linesMax) {
        this.lineBytesMax = lineBytesMax;
        this.linesMax = linesMax;
    }

    /** Consumes bytes up to the end of one reply. */
    public Result decode(ByteBuf in) {
        if (complete) {
            complete = false;
            length = 0;
            lineStart = 0;
            lineCount = 0;
        }
        while (in.isReadable()) {
            int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            int count = (lineFeed < 0 ? in.writerIndex() : lineFeed) - in.readerIndex();
            // One more for the CR.
            if (length - lineStart + count > lineBytesMax + 1) {
                return Result.LINE_TOO_LONG;
            }
            append(in, count);
            if (lineFeed < 0) {
                return Result.NEED_MORE;
            }
            in.skipBytes(1);
            Result result = endLine();
            if (result != Result.NEED_MORE) {
                return result;
            }
        }
        return Result.NEED_MORE;
    }

    private void append(ByteBuf in, int count) {
        // One more for the LF that may join the next line.
        if (length + count + 1 > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count + 1));
        }
        in.readBytes(bytes, length, count);
        length += count;
    }

    private Result endLine() {
        while (length > lineStart && bytes[length - 1] == '\r') {
            length--;
        }
        if (length - lineStart > lineBytesMax) {
            return Result.LINE_TOO_LONG;
        }
        if (!startsWithCode()) {
            return Result.BAD_LINE;
        }
        boolean last = length - lineStart == CODE_LENGTH || bytes[lineStart + CODE_LENGTH] == ' ';
        lineCount++;
        if (last) {
            code = (bytes[lineStart] - '0') * 100 + (bytes[lineStart + 1] - '0') * 10 + bytes[lineStart + 2] - '0';
            complete = true;
            return Result.REPLY;
        }
        if (lineCount == linesMax) {
            return Result.TOO_MANY_LINES;
        }
        bytes[length++] = '\n';
        lineStart = length;
        return Result.NEED_MORE;
    }

    private boolean startsWithCode() {
        if (length - lineStart < CODE_LENGTH) {
            return false;
        }
        byte first = bytes[lineStart];
        if (first < '2' || first > '5' || !isDigit(bytes[lineStart + 1]) || !isDigit(bytes[lineStart + 2])) {
            return false;
        }
        return length - lineStart == CODE_LENGTH
                || bytes[lineStart + CODE_LENGTH] == ' '
                || bytes[lineStart + CODE_LENGTH] == '-';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** True while part of a reply has come but not its end. */
    public boolean hasPartial() {
        return !complete && length > 0;
    }

    public int code() {
        return code;
    }

    /** The enhanced status at the start of the last line's text (RFC 2034 §4); null when there is none. */
    public @Nullable EnhancedStatus status() {
        int start = lineStart + CODE_LENGTH + 1;
        if (start + 1 >= length || bytes[start + 1] != '.') {
            return null;
        }
        return EnhancedStatus.parsePrefix(printable(start, length));
    }

    /** All lines as they came, code included, joined by a space; what is not printable is shown as {@code ?}. */
    public String text() {
        return printable(0, length);
    }

    /** The line looked at last, complete or not, for a log; it is cut to a length that fits there. */
    public String excerpt() {
        return printable(lineStart, Math.min(length, lineStart + 100));
    }

    /** The reply as a value. A status that all lines share is taken out of their texts. */
    public SmtpReply reply() {
        List<String> lines = new ArrayList<>(lineCount);
        int start = 0;
        while (start <= length) {
            int end = start;
            while (end < length && bytes[end] != '\n') {
                end++;
            }
            lines.add(end - start <= CODE_LENGTH ? "" : printable(start + CODE_LENGTH + 1, end));
            start = end + 1;
        }
        EnhancedStatus status = status();
        String prefix = status == null ? "" : status.toString();
        if (status == null || !lines.stream().allMatch(line -> hasPrefix(line, prefix))) {
            return SmtpReply.ofLines(code, null, lines);
        }
        lines.replaceAll(line -> line.substring(Math.min(line.length(), prefix.length() + 1)));
        return SmtpReply.ofLines(code, status, lines);
    }

    private static boolean hasPrefix(String line, String prefix) {
        return line.startsWith(prefix) && (line.length() == prefix.length() || line.charAt(prefix.length()) == ' ');
    }

    private String printable(int from, int to) {
        int end = to;
        while (end > from && bytes[end - 1] == ' ') {
            end--;
        }
        boolean ascii = true;
        for (int i = from; i < end; i++) {
            if (bytes[i] < ' ' || bytes[i] == 0x7f) {
                ascii = false;
                break;
            }
        }
        if (ascii) {
            return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
        }
        return censor(new String(bytes, from, end - from, StandardCharsets.UTF_8));
    }

    private static String censor(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                out.append(' ');
            } else if (c == 0xfffd || Character.isISOControl(c) || !Character.isDefined(c)) {
                out.append('?');
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}

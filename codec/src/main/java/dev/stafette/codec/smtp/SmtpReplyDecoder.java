// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.status.EnhancedStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes a server's replies out of the bytes it sends, however they are split (RFC 5321 §4.2, §4.2.1).
 * Thread: the session's.
 *
 * <p>It is a flyweight: {@link #code}, {@link #text} and {@link #reply} speak of the reply found last and hold until the
 * next {@link #decode}. A reply whose text is not read allocates nothing.
 *
 * <p>It is lenient, as Postfix is: any three digits are a code, and of a reply's lines the last one's counts. A
 * line without a code is noise: it stands in front of the reply that comes behind it, unless it is empty. What is too
 * long is cut, and so is a line at a NUL. A line end may be a bare LF. So any stream is replies, and one that does not
 * end is left to the timeout.
 */
public final class SmtpReplyDecoder {
    private static final int CODE_LENGTH = 3;
    private static final int STATUS_LENGTH_MAX = "5.999.999".length();
    private static final int INITIAL_BYTES = 128;

    private final int lineBytesMax;
    private final @Nullable UnaryOperator<String> filter;

    // Owned by the session: the lines of the current reply, LF between them, without CR.
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;
    private int lineStart;
    /** Where the text ends: before the last line, when there was no more room for it. */
    private int textEnd;

    private int code;
    private boolean noisy;
    private boolean cut;
    private boolean complete;

    /**
     * A reply takes at most twice as much, however many lines it has.
     *
     * @param lineBytesMax of a line, without its end; text that is longer takes no further lines
     */
    public SmtpReplyDecoder(int lineBytesMax) {
        this(lineBytesMax, null);
    }

    /** {@code filter}: what is taken for a line that has come; null: the line itself. */
    public SmtpReplyDecoder(int lineBytesMax, @Nullable UnaryOperator<String> filter) {
        this.lineBytesMax = lineBytesMax;
        this.filter = filter;
    }

    /** Consumes bytes up to the end of one reply; returns false when its end has not come yet. */
    public boolean decode(ByteBuf in) {
        if (complete) {
            complete = false;
            noisy = false;
            cut = false;
            length = 0;
            lineStart = 0;
        }
        while (in.isReadable()) {
            int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            append(in, (lineFeed < 0 ? in.writerIndex() : lineFeed) - in.readerIndex());
            if (lineFeed < 0) {
                return false;
            }
            in.skipBytes(1);
            if (endLine()) {
                return true;
            }
        }
        return false;
    }

    private void append(ByteBuf in, int count) {
        int taken = Math.min(count, lineBytesMax - (length - lineStart));
        // One more for the LF that may join the next line.
        if (length + taken + 1 > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + taken + 1));
        }
        in.readBytes(bytes, length, taken);
        in.skipBytes(count - taken);
        cut |= taken < count;
        length += taken;
    }

    /** Returns true when it was the last line of a reply. */
    private boolean endLine() {
        while (length > lineStart && bytes[length - 1] == '\r') {
            length--;
        }
        if (filter != null) {
            replaceLine(filter);
        }
        boolean hasRoom = lineStart < lineBytesMax;
        textEnd = hasRoom ? length : lineStart - 1;
        if (startsWithCode()) {
            if (length - lineStart == CODE_LENGTH || bytes[lineStart + CODE_LENGTH] != '-') {
                code = (bytes[lineStart] - '0') * 100 + (bytes[lineStart + 1] - '0') * 10 + bytes[lineStart + 2] - '0';
                complete = true;
                return true;
            }
        } else {
            noisy = true;
        }
        if (!hasRoom) {
            length = lineStart;
        } else if (length > 0) {
            bytes[length++] = '\n';
            lineStart = length;
        }
        return false;
    }

    private void replaceLine(UnaryOperator<String> other) {
        String line = new String(bytes, lineStart, length - lineStart, StandardCharsets.UTF_8);
        String taken = other.apply(line);
        if (!taken.equals(line)) {
            byte[] replaced = taken.getBytes(StandardCharsets.UTF_8);
            int count = Math.min(replaced.length, lineBytesMax);
            length = lineStart + count;
            // One more for the LF that may join the next line.
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, length + 1));
            System.arraycopy(replaced, 0, bytes, lineStart, count);
        }
    }

    private boolean startsWithCode() {
        if (length - lineStart < CODE_LENGTH
                || !isDigit(bytes[lineStart])
                || !isDigit(bytes[lineStart + 1])
                || !isDigit(bytes[lineStart + 2])) {
            return false;
        }
        return length - lineStart == CODE_LENGTH
                || bytes[lineStart + CODE_LENGTH] == ' '
                || bytes[lineStart + CODE_LENGTH] == '-'
                || bytes[lineStart + CODE_LENGTH] == 0;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** There were lines without a code in front of the reply: its server may be out of step. */
    public boolean isNoisy() {
        return noisy;
    }

    /** A line was longer than what is kept of it. */
    public boolean isCut() {
        return cut;
    }

    /** Any three digits: 0 to 999. */
    public int code() {
        return code;
    }

    /**
     * The enhanced status at the start of the last line's text (RFC 2034 §4); null when there is none, or when its class
     * is not the code's.
     */
    public @Nullable EnhancedStatus status() {
        int start = lineStart + CODE_LENGTH + 1;
        while (start < length && bytes[start] == ' ') {
            start++;
        }
        if (start + 1 >= length || bytes[start + 1] != '.' || bytes[start] != bytes[lineStart]) {
            return null;
        }
        return EnhancedStatus.parsePrefix(printable(start, Math.min(length, start + STATUS_LENGTH_MAX + 1)));
    }

    /** All lines as they came, code included, joined by a space; what is not printable is shown as {@code ?}. */
    public String text() {
        return printable(0, textEnd);
    }

    /** As {@link #text()}, line by line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start <= textEnd) {
            int end = start;
            while (end < textEnd && bytes[end] != '\n') {
                end++;
            }
            lines.add(printable(start, end));
            start = end + 1;
        }
        return lines;
    }

    /** A positive reply as a value. A status that all lines share is taken out of their texts. */
    public SmtpReply reply() {
        List<String> lines = lines();
        lines.replaceAll(line -> line.length() <= CODE_LENGTH ? "" : line.substring(CODE_LENGTH + 1));
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
        boolean ascii = true;
        for (int i = from; i < to; i++) {
            if (bytes[i] < ' ' || bytes[i] == 0x7f) {
                ascii = false;
                break;
            }
        }
        if (ascii) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        return censor(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    private static String censor(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean cut = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            cut = c == 0 || cut && c != '\n';
            if (cut) {
                continue;
            }
            if (c == '\n') {
                out.append(' ');
            } else if (c == 0xfffd || Character.isISOControl(c) || !Character.isDefined(c)) {
                out.append('?');
            } else {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the header of a message once, as it comes in, piece by piece (RFC 5322 §2.2).
 * Thread: its owner's; reusable.
 *
 * <p>It keeps the start of one header name and the value of Message-ID, both bounded, and points into no buffer: a header
 * of any size costs nothing but the time to pass over it. It reads the stored wire form.
 */
public final class HeaderScanner {
    public enum Result {
        NEED_MORE,
        /** A blank line or the final dot line ends the header. */
        END,
        /** A line that is no header ends it; a blank line belongs before it. */
        END_WITHOUT_BLANK_LINE
    }

    public static final int DATE = 1;
    public static final int FROM = 1 << 1;
    public static final int MESSAGE_ID = 1 << 2;
    public static final int TO = 1 << 3;
    public static final int CC = 1 << 4;
    public static final int BCC = 1 << 5;
    public static final int SENDER = 1 << 6;
    public static final int SUBJECT = 1 << 7;
    public static final int RETURN_PATH = 1 << 8;
    public static final int CONTENT_LENGTH = 1 << 9;
    public static final int MIME_VERSION = 1 << 10;
    public static final int DELIVERED_TO = 1 << 11;
    public static final int RESENT_DATE = 1 << 12;
    public static final int RESENT_FROM = 1 << 13;
    public static final int RESENT_MESSAGE_ID = 1 << 14;
    public static final int RESENT_TO = 1 << 15;
    public static final int RESENT_CC = 1 << 16;
    public static final int RESENT_BCC = 1 << 17;
    public static final int RESENT_SENDER = 1 << 18;
    /** Any of the RESENT bits: the message was resent, and its Resent fields count (RFC 5322 §3.6.6). */
    public static final int RESENT =
            RESENT_DATE | RESENT_FROM | RESENT_MESSAGE_ID | RESENT_TO | RESENT_CC | RESENT_BCC | RESENT_SENDER;

    static final int RECEIVED = 1 << 19;

    /** RFC 5322 §2.1.1; a longer Message-ID is cut, for it is only logged. */
    private static final int MESSAGE_ID_BYTES_MAX = 998;

    private static final int INITIAL_BYTES = 128;

    private enum State {
        LINE_START,
        NAME,
        /** White space between name and colon: obsolete, but read (RFC 5322 §4.5). */
        AFTER_NAME,
        VALUE,
        END
    }

    // Owned by the owner: the message in work.
    private State state = State.LINE_START;
    private Result result = Result.NEED_MORE;
    private final byte[] name = new byte[HeaderName.BYTES_MAX];
    private int nameLength;
    private int seen;
    private int receivedCount;
    private byte[] messageId = new byte[INITIAL_BYTES];
    private int messageIdLength;
    private boolean inMessageId;
    private boolean mailboxLine;
    private boolean spacedName;
    private boolean pastFirstLine;
    private boolean dotLine;
    private long offset;
    private long lineOffset;

    /** Makes ready for the next message. */
    public void reset() {
        state = State.LINE_START;
        result = Result.NEED_MORE;
        nameLength = 0;
        seen = 0;
        receivedCount = 0;
        messageIdLength = 0;
        inMessageId = false;
        mailboxLine = false;
        spacedName = false;
        pastFirstLine = false;
        dotLine = false;
        offset = 0;
        lineOffset = 0;
    }

    /** The readable bytes are the next piece of the message; the indexes stay. After the end there is nothing to do. */
    public Result scan(ByteBuf in) {
        return scan(in, in.readerIndex(), in.writerIndex());
    }

    /** As {@link #scan(ByteBuf)}, for the bytes from {@code from} up to {@code to}. */
    public Result scan(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to && state != State.END) {
            switch (state) {
                case LINE_START:
                    startLine(in.getByte(at), offset + at - from);
                    break;
                case NAME:
                    at = passName(in, at, to);
                    break;
                case AFTER_NAME:
                    stepAfterName(in.getByte(at++));
                    break;
                default:
                    at = passValue(in, at, to);
            }
        }
        offset += at - from;
        return result;
    }

    private int passValue(ByteBuf in, int from, int to) {
        int lineFeed = in.indexOf(from, to, (byte) '\n');
        int end = lineFeed < 0 ? to : lineFeed;
        if (inMessageId) {
            keepMessageId(in, from, end);
        }
        if (lineFeed < 0) {
            return to;
        }
        state = State.LINE_START;
        return lineFeed + 1;
    }

    /** Looks at the first byte of a line, which belongs to what comes then. */
    private void startLine(byte b, long at) {
        lineOffset = at;
        boolean continued = b == ' ' || b == '\t';
        if (!continued) {
            inMessageId = false;
            nameLength = 0;
            dotLine = b == '.';
            state = State.NAME;
        } else if (pastFirstLine) {
            state = State.VALUE;
        } else {
            // It would continue the header that is put in front.
            end(Result.END_WITHOUT_BLANK_LINE);
        }
    }

    private int passName(ByteBuf in, int from, int to) {
        int length = nameLength;
        int at = from;
        while (at < to) {
            byte b = in.getByte(at++);
            if (b <= ' ' || b == 0x7f || b == ':') {
                nameLength = length;
                endNameText(b);
                return at;
            }
            // A name longer than all that are known stays just that.
            if (length < name.length) {
                name[length] = b;
            }
            length = Math.min(length + 1, name.length + 1);
        }
        nameLength = length;
        return at;
    }

    private void endNameText(byte b) {
        if (b == ':' && nameLength > 0) {
            endName();
        } else if (b == ' ' && !pastFirstLine && HeaderName.isMailboxLine(name, nameLength)) {
            mailboxLine = true;
            pastFirstLine = true;
            state = State.VALUE;
        } else if ((b == ' ' || b == '\t') && nameLength > 0) {
            state = State.AFTER_NAME;
        } else if (b == '\r' && (nameLength == 0 || (dotLine && nameLength == 1))) {
            end(Result.END);
        } else {
            end(Result.END_WITHOUT_BLANK_LINE);
        }
    }

    private void stepAfterName(byte b) {
        if (b == ':') {
            spacedName = true;
            endName();
        } else if (b != ' ' && b != '\t') {
            end(Result.END_WITHOUT_BLANK_LINE);
        }
    }

    private void endName() {
        state = State.VALUE;
        pastFirstLine = true;
        int header = HeaderName.find(name, nameLength);
        if (header == RECEIVED) {
            receivedCount++;
        }
        // Only the first one is told.
        inMessageId = header == MESSAGE_ID && (seen & MESSAGE_ID) == 0;
        seen |= header;
    }

    private void end(Result how) {
        state = State.END;
        result = how;
    }

    private void keepMessageId(ByteBuf in, int from, int to) {
        int count = Math.min(to - from, MESSAGE_ID_BYTES_MAX - messageIdLength);
        ensureRoom(count);
        in.getBytes(from, messageId, messageIdLength, count);
        messageIdLength += count;
    }

    private void ensureRoom(int count) {
        if (messageIdLength + count > messageId.length) {
            messageId = Arrays.copyOf(messageId, Math.max(messageId.length * 2, messageIdLength + count));
        }
    }

    /** @param headers bits of the constants of this class; true when any of them was there */
    public boolean has(int headers) {
        return (seen & headers) != 0;
    }

    /** A field has white space between name and colon, which RFC 5322 §4.5 asks to read and not to write. */
    public boolean hasSpacedName() {
        return spacedName;
    }

    /** Received fields, for the loop check (RFC 5321 §6.3). */
    public int receivedCount() {
        return receivedCount;
    }

    /** The value of the first Message-ID, unfolded, for the log; null when there is none or it is empty. */
    public @Nullable String messageId() {
        byte[] text = new byte[messageIdLength];
        int length = 0;
        for (int i = 0; i < messageIdLength; i++) {
            byte b = messageId[i];
            boolean space = b == ' ' || b == '\t' || b == '\r';
            if (space && length == 0) {
                continue;
            }
            if (b != '\r') {
                text[length++] = space ? (byte) ' ' : b <= ' ' || b == 0x7f ? (byte) '?' : b;
            }
        }
        while (length > 0 && text[length - 1] == ' ') {
            length--;
        }
        return length == 0 ? null : new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Bytes from the start of the message up to the line that ended the header; up to the last line start before that. */
    public long headerLength() {
        return lineOffset;
    }

    /** The message starts with the separator of a mbox file; {@code X-Mailbox-Line: } before it makes a header of it. */
    public boolean hasMailboxLine() {
        return mailboxLine;
    }
}

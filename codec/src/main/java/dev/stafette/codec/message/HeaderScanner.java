// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Stub. Thread: its owner's; reusable. */
public final class HeaderScanner {
    public enum Result {
        NEED_MORE,
        /** A blank line, or the final dot line of the message, ends the header. */
        END,
        /** A line that is no header ends it: Postfix puts a blank line before that. */
        END_WITHOUT_BLANK_LINE,
        /** The limit was reached first; what was seen up to there stands. */
        TOO_LARGE
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
    public static final int RESENT_FROM = 1 << 11;
    public static final int RESENT_DATE = 1 << 12;
    public static final int RESENT_MESSAGE_ID = 1 << 13;
    public static final int RESENT_TO = 1 << 14;
    public static final int RESENT_BCC = 1 << 15;
    public static final int RESENT_OTHER = 1 << 16;
    public static final int DELIVERED_TO = 1 << 17;

    public HeaderScanner(int headerBytesMax) {}

    public void reset() {
        throw new UnsupportedOperationException("in work");
    }

    /** Scans on from where it stopped; {@code in} starts with the message and has grown since. Indexes stay. */
    public Result scan(ByteBuf in) {
        throw new UnsupportedOperationException("in work");
    }

    public boolean has(int header) {
        throw new UnsupportedOperationException("in work");
    }

    public int receivedCount() {
        throw new UnsupportedOperationException("in work");
    }

    /** The value of Message-ID, unfolded and printable; null when there is none. */
    public @Nullable String messageId() {
        throw new UnsupportedOperationException("in work");
    }

    /** Bytes of the header from the start of the message, without the blank line. */
    public int headerLength() {
        throw new UnsupportedOperationException("in work");
    }

    /** The message starts with a mbox separator; {@code X-Mailbox-Line: } before it makes a header of it. */
    public boolean hasMailboxLine() {
        throw new UnsupportedOperationException("in work");
    }
}

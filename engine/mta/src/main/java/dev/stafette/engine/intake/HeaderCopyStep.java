// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderScanner;
import dev.stafette.codec.smtp.SmtpReply;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drops the fields that must not travel on (message_drop_headers), cuts those that are too long (header_size_limit), takes
 * away the white space in front of a colon, and ends a header that ran into the text. All that is rare: only then the content
 * is copied.
 * Thread: event loop.
 *
 * <p>Of a header that is longer than the first part of the message, what stands in that part is looked at.
 */
final class HeaderCopyStep implements IntakeStep {
    private static final int DROPPED =
            HeaderScanner.BCC | HeaderScanner.CONTENT_LENGTH | HeaderScanner.RESENT_BCC | HeaderScanner.RETURN_PATH;

    private static final List<byte[]> NAMES =
            List.of(bytes("bcc"), bytes("content-length"), bytes("resent-bcc"), bytes("return-path"));

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public @Nullable SmtpReply apply(MessageHead head) {
        int headerLength =
                (int) Math.min(head.header().headerLength(), head.content().readableBytes());
        boolean endsEarly = head.lacksBlankLine() && headerLength > 0;
        int fieldBytesMax = head.settings().headerBytesMax() == 0
                ? Integer.MAX_VALUE
                : head.settings().headerBytesMax();
        boolean changesFields = head.header().has(DROPPED) || head.header().hasSpacedName();
        if (endsEarly || headerLength > fieldBytesMax || changesFields) {
            copy(head.content(), headerLength, fieldBytesMax, endsEarly);
        }
        return null;
    }

    private static void copy(ByteBuf content, int headerLength, int fieldBytesMax, boolean addsBlankLine) {
        ByteBuf old = content.copy();
        try {
            content.clear();
            int end = old.readerIndex() + headerLength;
            copyHeader(old, end, fieldBytesMax, content);
            if (addsBlankLine) {
                content.writeShort('\r' << 8 | '\n');
            }
            content.writeBytes(old, end, old.writerIndex() - end);
        } finally {
            old.release();
        }
    }

    private static void copyHeader(ByteBuf from, int end, int fieldBytesMax, ByteBuf to) {
        int at = from.readerIndex();
        int field = to.writerIndex();
        boolean dropping = false;
        while (at < end) {
            int lineFeed = from.indexOf(at, end, (byte) '\n');
            int next = lineFeed < 0 ? end : lineFeed + 1;
            byte first = from.getByte(at);
            if (first != ' ' && first != '\t') {
                dropping = isDropped(from, at, next);
                field = to.writerIndex();
                at = dropping ? at : copyName(from, at, next, to);
            }
            if (!dropping) {
                to.writeBytes(from, at, next - at);
                dropping = cut(to, field, fieldBytesMax);
            }
            at = next;
        }
    }

    /** Writes a name with white space behind it, and returns where the colon is; any other one stays to be written. */
    private static int copyName(ByteBuf from, int start, int end, ByteBuf to) {
        int nameEnd = start;
        while (nameEnd < end && from.getByte(nameEnd) > ' ' && from.getByte(nameEnd) != ':') {
            nameEnd++;
        }
        int colon = nameEnd;
        while (colon < end && (from.getByte(colon) == ' ' || from.getByte(colon) == '\t')) {
            colon++;
        }
        if (colon == nameEnd || colon == end || from.getByte(colon) != ':') {
            return start;
        }
        to.writeBytes(from, start, nameEnd - start);
        return colon;
    }

    /** Cuts the field that is written so far; true when it was too long, and the rest of it is not wanted. */
    private static boolean cut(ByteBuf to, int field, int bytesMax) {
        int end = to.writerIndex() - 2;
        if (end - field <= bytesMax) {
            return false;
        }
        // Without its colon it would be no header, and end them all.
        int colon = to.indexOf(field, end, (byte) ':');
        int keep = Math.max(field + bytesMax, colon + 1);
        while (keep > colon + 1 && to.getByte(keep - 1) <= ' ' && to.getByte(keep - 1) >= 0) {
            keep--;
        }
        to.writerIndex(keep).writeShort('\r' << 8 | '\n');
        return true;
    }

    private static boolean isDropped(ByteBuf from, int start, int end) {
        for (byte[] name : NAMES) {
            if (hasName(from, start, end, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasName(ByteBuf from, int start, int end, byte[] name) {
        if (end - start <= name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            // Letters and the hyphen all have this bit, so that nothing else is taken for one of them.
            if ((from.getByte(start + i) | 0x20) != name[i]) {
                return false;
            }
        }
        int at = start + name.length;
        while (at < end && (from.getByte(at) == ' ' || from.getByte(at) == '\t')) {
            at++;
        }
        return at < end && from.getByte(at) == ':';
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.rewrite.AddressRewriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Completes the addresses in the header of a message that is written here: {@code To: joe} becomes {@code To:
 * joe@$myorigin}, all else in the field stays as it is. Where nothing changes, nothing is copied.
 * Thread: event loop.
 */
final class HeaderAddressStep implements IntakeStep {
    /** With their colons, in lower case; a name that begins another is told from it by the colon. */
    private static final List<byte[]> FIELDS = List.of(
            bytes("from:"),
            bytes("sender:"),
            bytes("reply-to:"),
            bytes("to:"),
            bytes("cc:"),
            bytes("bcc:"),
            bytes("errors-to:"),
            bytes("return-receipt-to:"),
            bytes("disposition-notification-to:"),
            bytes("resent-from:"),
            bytes("resent-sender:"),
            bytes("resent-reply-to:"),
            bytes("resent-to:"),
            bytes("resent-cc:"),
            bytes("resent-bcc:"));

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public @Nullable SmtpReply apply(MessageHead head) {
        AddressRewriter rewriter = head.settings().rewriter();
        boolean hasHeader = !head.lacksBlankLine() || head.header().headerLength() > 0;
        if (rewriter != null && head.arrival().rewritesHeader() && hasHeader) {
            rewrite(head.content(), rewriter, head.settings().addressTokensMax());
        }
        return null;
    }

    /** The value of a field that changes, by the positions of its bytes. */
    private record Change(int from, int to, String value) {}

    private static void rewrite(ByteBuf content, AddressRewriter rewriter, int tokensMax) {
        List<Change> changes = null;
        int end = content.writerIndex();
        int at = content.readerIndex();
        while (at >= 0 && at < end && content.getByte(at) != '\r') {
            int next = fieldEnd(content, at, end);
            int valueStart = next < 0 ? -1 : valueStart(content, at, next);
            if (valueStart > 0 && !isComplete(content, valueStart, next)) {
                String value = content.toString(valueStart, next - valueStart, StandardCharsets.UTF_8);
                String changed = rewrite(value, rewriter, tokensMax);
                if (changed != null) {
                    changes = changes == null ? new ArrayList<>() : changes;
                    changes.add(new Change(valueStart, next, changed));
                }
            }
            at = next;
        }
        if (changes != null) {
            copy(content, changes);
        }
    }

    private static void copy(ByteBuf content, List<Change> changes) {
        int shift = content.readerIndex();
        ByteBuf old = content.copy();
        try {
            content.clear();
            int copied = 0;
            for (Change change : changes) {
                content.writeBytes(old, copied, change.from - shift - copied);
                content.writeCharSequence(change.value, StandardCharsets.UTF_8);
                copied = change.to - shift;
            }
            content.writeBytes(old, copied, old.writerIndex() - copied);
        } finally {
            old.release();
        }
    }

    /** Where the next field begins; -1 when this one may go on behind the bytes that are here. */
    private static int fieldEnd(ByteBuf in, int from, int end) {
        int at = from;
        do {
            int lineFeed = in.indexOf(at, end, (byte) '\n');
            if (lineFeed < 0 || lineFeed + 1 == end) {
                return -1;
            }
            at = lineFeed + 1;
        } while (in.getByte(at) == ' ' || in.getByte(at) == '\t');
        return at;
    }

    /** Behind the colon, when the field holds addresses; else -1. */
    private static int valueStart(ByteBuf in, int from, int to) {
        for (int i = 0; i < FIELDS.size(); i++) {
            byte[] name = FIELDS.get(i);
            if ((in.getByte(from) | 0x20) == name[0] && hasName(in, from, to, name)) {
                return from + name.length;
            }
        }
        return -1;
    }

    private static boolean hasName(ByteBuf in, int from, int to, byte[] name) {
        if (to - from < name.length || in.getByte(from + name.length - 1) != ':') {
            return false;
        }
        for (int i = 1; i < name.length - 1; i++) {
            // Letters and the hyphen all have this bit, so that nothing else is taken for one of them.
            if ((in.getByte(from + i) | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** One address and no more, with a dot in its domain: the most frequent case, seen without making a text of it. */
    private static boolean isComplete(ByteBuf in, int from, int to) {
        int at = -1;
        boolean dotted = false;
        for (int i = from; i < to; i++) {
            byte b = in.getByte(i);
            if (b == '@') {
                if (at >= 0) {
                    return false;
                }
                at = i;
            } else if (b == ',' || b == ';' || b == ':' || b == '(' || b == '"' || b == '\\' || b == '[') {
                return false;
            } else if (at >= 0 && b == '.') {
                dotted = true;
            } else if (at >= 0 && (b == ' ' || b == '\t')) {
                return false;
            }
        }
        return dotted && isOnlyAddress(in, from, at);
    }

    /** In front of the {@code @} there is one word, or a phrase and the bracket. */
    private static boolean isOnlyAddress(ByteBuf in, int from, int at) {
        int i = at - 1;
        while (i >= from && in.getByte(i) > ' ' && in.getByte(i) != '<') {
            i--;
        }
        if (i >= from && in.getByte(i) == '<') {
            return true;
        }
        while (i >= from && in.getByte(i) <= ' ' && in.getByte(i) >= 0) {
            i--;
        }
        return i < from;
    }

    /** Null when all of it is complete. */
    private static @Nullable String rewrite(String value, AddressRewriter rewriter, int tokensMax) {
        StringBuilder out = null;
        int copied = 0;
        for (AddressList.Item item : AddressList.parse(value, tokensMax)) {
            MailAddress given = AddressList.split(item.address());
            MailAddress complete = rewriter.complete(given);
            if (complete.equals(given) || item.address().indexOf('<') >= 0) {
                continue;
            }
            if (out == null) {
                out = new StringBuilder(value.length() + 32);
            }
            out.append(value, copied, item.start()).append(complete.external());
            copied = item.end();
        }
        return out == null ? null : out.append(value, copied, value.length()).toString();
    }
}

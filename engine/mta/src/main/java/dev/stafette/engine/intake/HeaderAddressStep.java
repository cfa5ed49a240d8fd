// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.engine.rewrite.AddressRewriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Completes the addresses in the header of a message that is written here: {@code To: joe} becomes {@code To:
 * joe@$myorigin}, all else in the field stays as it is.
 * Thread: event loop.
 */
final class HeaderAddressStep implements IntakeStep {
    @Override
    public StepOutcome apply(MessageDraft message) {
        AddressRewriter rewriter = message.settings().rewriter();
        if (rewriter != null && message.arrival().rewritesHeader()) {
            rewrite(message.header(), rewriter, message.settings().addressTokensMax());
        }
        return StepOutcome.DONE;
    }

    private static void rewrite(HeaderFields header, AddressRewriter rewriter, int tokensMax) {
        int index = header.find(HeaderName.ADDRESSES, header.topCount());
        while (index >= 0) {
            ByteBuf in = header.bytes(index);
            int valueStart = header.valueStart(index);
            if (!isComplete(in, valueStart, header.end(index))) {
                String changed = rewrite(header.value(index), rewriter, tokensMax);
                if (changed != null) {
                    ByteBuf out = header.newField();
                    out.writeBytes(in, header.start(index), valueStart - header.start(index));
                    ByteBufUtil.writeUtf8(out, changed);
                    out.writeShort('\r' << 8 | '\n');
                    header.putInPlaceOf(index);
                }
            }
            index = header.find(HeaderName.ADDRESSES, index + 1);
        }
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

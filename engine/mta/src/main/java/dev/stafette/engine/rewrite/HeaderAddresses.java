// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges addresses in fields of a header, and nothing else in them: names, comments, groups, folds and encoded words keep
 * every byte. A source route goes with the address that it led to.
 * Thread: any.
 */
public final class HeaderAddresses {
    private HeaderAddresses() {}

    /** A field that holds addresses, by its place in the header. */
    public record Field(int index, AddressUse use, String value) {
        public static Field of(HeaderFields header, int index) {
            return new Field(index, useOf(header, index), header.value(index));
        }
    }

    public static AddressUse useOf(HeaderFields header, int index) {
        return header.is(index, HeaderName.RECIPIENT_ADDRESSES)
                ? AddressUse.HEADER_RECIPIENT
                : AddressUse.HEADER_SENDER;
    }

    /**
     * Those of the fields that change, as they are then.
     *
     * @param tokensMax what stands behind so many words and separators of a field stays as it is
     */
    public static List<Field> rewritten(
            List<Field> fields, int tokensMax, BiFunction<MailAddress, AddressUse, MailAddress> exchange) {
        List<Field> changed = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String value = rewritten(field, tokensMax, exchange);
            if (value != null) {
                changed.add(new Field(field.index(), field.use(), value));
            }
        }
        return changed;
    }

    /** Null when nothing in it changes. */
    private static @Nullable String rewritten(
            Field field, int tokensMax, BiFunction<MailAddress, AddressUse, MailAddress> exchange) {
        String value = field.value();
        StringBuilder out = null;
        int copied = 0;
        for (AddressList.Item item : AddressList.parse(value, tokensMax)) {
            MailAddress given = AddressList.split(item.address());
            MailAddress address = exchange.apply(given, field.use());
            boolean isSame = address.external().equals(given.external()) && item.start() == item.routeStart();
            if (isSame || item.address().indexOf('<') >= 0) {
                continue;
            }
            if (out == null) {
                out = new StringBuilder(value.length() + 32);
            }
            append(value.substring(copied, item.routeStart()), out);
            append(address.external(), out);
            copied = item.end();
        }
        if (out != null) {
            append(value.substring(copied), out);
        }
        return out == null ? null : out.toString();
    }

    /** Two addresses that stood side by side without a space between them must not become one. */
    private static void append(String text, StringBuilder out) {
        if (text.isEmpty()) {
            return;
        }
        boolean isApart = out.length() == 0 || separates(out.charAt(out.length() - 1)) || separates(text.charAt(0));
        out.append(isApart ? "" : " ").append(text);
    }

    private static boolean separates(char c) {
        return " \t\r\n,;:<>(".indexOf(c) >= 0;
    }

    /** Puts them into the header that they were taken from. */
    public static void write(List<Field> changed, HeaderFields header) {
        for (int i = 0; i < changed.size(); i++) {
            Field field = changed.get(i);
            int index = field.index();
            int start = header.start(index);
            ByteBuf in = header.bytes(index);
            ByteBuf out = header.newField();
            out.writeBytes(in, start, header.valueStart(index) - start);
            ByteBufUtil.writeUtf8(out, field.value());
            out.writeShort('\r' << 8 | '\n');
            header.putInPlaceOf(index);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.AddressField;
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
 * Exchanges addresses in fields of a header. A field that changes is printed anew, in Postfix's form; names, comments, groups
 * and encoded words keep their meaning. A source route goes with the address that it led to. Other fields keep every byte.
 * Thread: any.
 */
public final class HeaderAddresses {
    private HeaderAddresses() {}

    /**
     * A field that holds addresses, by its place in the header.
     *
     * @param nameChars of its name and colon
     */
    public record Field(int index, AddressUse use, int nameChars, String value) {
        public static Field of(HeaderFields header, int index) {
            int nameChars = header.valueStart(index) - header.start(index);
            return new Field(index, useOf(header, index), nameChars, header.value(index));
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
     * @param tokensMax what stands behind so many words and separators of a field that changes is lost, as in Postfix
     */
    public static List<Field> rewritten(
            List<Field> fields, int tokensMax, BiFunction<MailAddress, AddressUse, MailAddress> exchange) {
        List<Field> changed = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String value = rewritten(field, tokensMax, exchange);
            if (value != null) {
                changed.add(new Field(field.index(), field.use(), field.nameChars(), value));
            }
        }
        return changed;
    }

    /** Null when nothing in it changes. */
    private static @Nullable String rewritten(
            Field field, int tokensMax, BiFunction<MailAddress, AddressUse, MailAddress> exchange) {
        AddressField addresses = AddressField.parse(field.value(), tokensMax);
        return addresses.exchange(address -> exchange.apply(address, field.use()))
                ? addresses.print(field.nameChars())
                : null;
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

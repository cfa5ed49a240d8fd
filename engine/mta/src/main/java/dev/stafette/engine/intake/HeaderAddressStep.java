// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.AddressUse;
import dev.stafette.engine.rewrite.MappingRun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the addresses in the header of a message: {@code To: joe} becomes {@code To: joe@$myorigin}, then canonical_maps
 * and masquerade_domains see them. All else in the field stays as it is: names, comments, groups, folds, encoded words.
 * Thread: event loop.
 */
final class HeaderAddressStep implements IntakeStep {
    /** A field to look at, and what it becomes. */
    private record Field(int index, AddressUse use, String value) {}

    @Override
    public StepOutcome apply(MessageDraft message) {
        AddressRules rules = message.settings().addresses();
        AddressRewriter rewriter = rules.forHeaderOf(message.arrival());
        if (rewriter == null) {
            return StepOutcome.DONE;
        }
        List<Field> fields = fields(message.header(), rules.mappings());
        if (fields.isEmpty()) {
            return StepOutcome.DONE;
        }
        AddressRun addresses = new AddressRun(rewriter, rules.mappings(), rules.tokensMax());
        return AddressJudgement.run(message, run -> addresses.rewritten(fields, run), HeaderAddressStep::write);
    }

    /** Those that can change. They are taken out of the header: when tables have answered, the message may be gone. */
    private static List<Field> fields(HeaderFields header, AddressMappings mappings) {
        List<Field> fields = List.of();
        int index = header.find(HeaderName.ADDRESSES, header.topCount());
        while (index >= 0) {
            boolean isRecipient = header.is(index, HeaderName.RECIPIENT_ADDRESSES);
            AddressUse use = isRecipient ? AddressUse.HEADER_RECIPIENT : AddressUse.HEADER_SENDER;
            if (mappings.exchanges(use)
                    || !isComplete(header.bytes(index), header.valueStart(index), header.end(index))) {
                if (fields.isEmpty()) {
                    fields = new ArrayList<>();
                }
                fields.add(new Field(index, use, header.value(index)));
            }
            index = header.find(HeaderName.ADDRESSES, index + 1);
        }
        return fields;
    }

    private static void write(MessageDraft message, List<Field> changed) {
        HeaderFields header = message.header();
        for (Field field : changed) {
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

    /** What addresses become. */
    private record AddressRun(AddressRewriter rewriter, AddressMappings mappings, int tokensMax) {
        /** Those of the fields that change. */
        List<Field> rewritten(List<Field> fields, MappingRun run) {
            List<Field> changed = new ArrayList<>();
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                String value = rewritten(field, run);
                if (value != null) {
                    changed.add(new Field(field.index(), field.use(), value));
                }
            }
            return changed;
        }

        /** Null when nothing in it changes. */
        private @Nullable String rewritten(Field field, MappingRun run) {
            String value = field.value();
            StringBuilder out = null;
            int copied = 0;
            for (AddressList.Item item : AddressList.parse(value, tokensMax)) {
                MailAddress given = AddressList.split(item.address());
                MailAddress address = mappings.map(rewriter.complete(given), field.use(), run);
                if (address.equals(given) && item.start() == item.routeStart()
                        || item.address().indexOf('<') >= 0) {
                    continue;
                }
                if (out == null) {
                    out = new StringBuilder(value.length() + 32);
                }
                out.append(value, copied, item.routeStart()).append(address.external());
                copied = item.end();
            }
            return out == null
                    ? null
                    : out.append(value, copied, value.length()).toString();
        }
    }
}

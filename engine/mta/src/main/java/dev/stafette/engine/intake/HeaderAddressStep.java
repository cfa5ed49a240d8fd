// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.HeaderAddresses;
import dev.stafette.engine.rewrite.HeaderAddresses.Field;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Rewrites the addresses in the header of a message: {@code To: joe} becomes {@code To: joe@$myorigin}, then canonical_maps
 * and masquerade_domains see them. All else in the field stays as it is: names, comments, groups, folds, encoded words.
 * Thread: event loop.
 */
final class HeaderAddressStep implements IntakeStep {
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
        AddressMappings mappings = rules.mappings();
        return AddressJudgement.run(
                message,
                run -> HeaderAddresses.rewritten(
                        fields,
                        rules.tokensMax(),
                        (address, use) -> mappings.map(rewriter.complete(address), use, run)),
                (whole, changed) -> HeaderAddresses.write(changed, whole.header()));
    }

    /** Those that can change. They are taken out of the header: when tables have answered, the message may be gone. */
    private static List<Field> fields(HeaderFields header, AddressMappings mappings) {
        List<Field> fields = List.of();
        int index = header.find(HeaderName.ADDRESSES, header.topCount());
        while (index >= 0) {
            if (mappings.exchanges(HeaderAddresses.useOf(header, index))
                    || !isComplete(header.bytes(index), header.valueStart(index), header.end(index))) {
                if (fields.isEmpty()) {
                    fields = new ArrayList<>();
                }
                fields.add(Field.of(header, index));
            }
            index = header.find(HeaderName.ADDRESSES, index + 1);
        }
        return fields;
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
                if (i + 1 == to || in.getByte(i + 1) <= ' ' || in.getByte(i + 1) == '>') {
                    return false;
                }
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
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of the header fields that must not travel on (message_drop_headers).
 * Thread: any (a value).
 */
final class DroppedFields {
    static final DroppedFields DEFAULT = of(List.of("bcc", "content-length", "resent-bcc", "return-path"));

    private final int known;
    private final Set<String> others;
    /** The same; walked for each message. */
    private final String[] otherNames;

    private DroppedFields(int known, Set<String> others) {
        this.known = known;
        this.others = others;
        this.otherNames = others.toArray(String[]::new);
    }

    /** Their case does not matter. */
    static DroppedFields of(List<String> names) {
        int known = 0;
        Set<String> others = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : names) {
            int bit = HeaderName.of(name);
            known |= bit;
            if (bit == 0) {
                others.add(name);
            }
        }
        return new DroppedFields(known, others);
    }

    boolean areIn(HeaderFields header) {
        if (header.has(known)) {
            return true;
        }
        for (String name : otherNames) {
            if (header.find(name, 0) >= 0) {
                return true;
            }
        }
        return false;
    }

    boolean include(HeaderFields header, int index) {
        return header.is(index, known) || !others.isEmpty() && others.contains(header.name(index));
    }
}

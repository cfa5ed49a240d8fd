// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.message.HeaderFields;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of a header by their names, the last one of a name first (RFC 6376 §5.4.2).
 * Thread: its owner's; the header must not change meanwhile.
 */
final class FieldsFromBelow {
    private static final int NONE = -1;

    private final Map<String, OfName> byName = new HashMap<>();
    /** By the index of a field: that of the next one of its name, further up. */
    private final int[] above;

    FieldsFromBelow(HeaderFields header) {
        this(header, NONE);
    }

    /** {@code without}: the index of one that is left out; -1: none is. */
    FieldsFromBelow(HeaderFields header, int without) {
        above = new int[header.count()];
        for (int i = 0; i < above.length; i++) {
            if (i == without) {
                continue;
            }
            String name = lower(header.name(i));
            OfName known = byName.get(name);
            if (known == null) {
                known = new OfName();
                byName.put(name, known);
            }
            above[i] = known.next;
            known.next = i;
            known.count++;
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** All of them, whether they have been asked for or not. */
    int count(String name) {
        OfName known = byName.get(lower(name));
        return known == null ? 0 : known.count;
    }

    /** The index of the next one up; -1 when there is none left. */
    int next(String name) {
        OfName known = byName.get(lower(name));
        if (known == null || known.next == NONE) {
            return NONE;
        }
        int index = known.next;
        known.next = above[index];
        return index;
    }

    private static final class OfName {
        private int next = NONE;
        private int count;
    }
}

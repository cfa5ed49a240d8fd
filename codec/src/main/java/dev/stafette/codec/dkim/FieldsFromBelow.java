// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.message.HeaderFields;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of a header by their names, the last one of a name first (RFC 6376 §5.4.2).
 * Thread: its owner's; the header must not change meanwhile.
 */
final class FieldsFromBelow {
    private final Map<String, ArrayDeque<Integer>> byName = new HashMap<>();

    FieldsFromBelow(HeaderFields header) {
        this(header, -1);
    }

    /** {@code without}: the index of one that is left out; -1: none is. */
    FieldsFromBelow(HeaderFields header, int without) {
        for (int i = 0; i < header.count(); i++) {
            if (i == without) {
                continue;
            }
            byName.computeIfAbsent(lower(header.name(i)), unused -> new ArrayDeque<>())
                    .addFirst(i);
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    int count(String name) {
        ArrayDeque<Integer> left = byName.get(lower(name));
        return left == null ? 0 : left.size();
    }

    /** The index of the next one up; -1 when there is none left. */
    int next(String name) {
        ArrayDeque<Integer> left = byName.get(lower(name));
        Integer index = left == null ? null : left.pollFirst();
        return index == null ? -1 : index;
    }
}

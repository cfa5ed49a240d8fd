// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fields of a header, unfolded, by their names in lower case. No more than {@link #FIELDS_MAX}, each cut to {@link #VALUE_MAX}.
 * Thread: its owner's until it is complete, then any.
 */
public final class FieldValues {
    static final int FIELDS_MAX = 256;
    static final int VALUE_MAX = 2000;

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private int count;

    /** {@code field}: {@code Name: value}, with its folds; what is none is left out. */
    void add(String field) {
        int colon = field.indexOf(':');
        if (colon > 0 && count < FIELDS_MAX) {
            count++;
            String value = field.substring(colon + 1, Math.min(field.length(), colon + 1 + VALUE_MAX));
            values.computeIfAbsent(
                            field.substring(0, colon).strip().toLowerCase(Locale.ROOT), unused -> new ArrayList<>(1))
                    .add(Octets.text(value.replaceAll("[\r\n]+[ \t]*", " ").strip()));
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    public boolean has(String name) {
        return values.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** The first; empty: there is none. */
    public String first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.get(0);
    }

    public List<String> all(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}

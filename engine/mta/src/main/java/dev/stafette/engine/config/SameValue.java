// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether two texts say the same to a parameter.
 * Thread: any (stateless).
 */
final class SameValue {
    private SameValue() {}

    /** {@code type}: null for a parameter that we do not have; then what its default looks like decides. */
    static boolean is(@Nullable ValueType<?> type, String text, String defaultText) {
        ValueType<?> known = type == null ? typeOf(defaultText) : type;
        Object value = known.parse(text);
        return value != null && value.equals(known.parse(defaultText));
    }

    private static ValueType<?> typeOf(String text) {
        if (text.matches("[0-9]+[smhdw]")) {
            return new ValueType.Time(text.charAt(text.length() - 1), 0, Integer.MAX_VALUE);
        }
        List<ValueType<?>> types =
                List.of(new ValueType.Flag(), new ValueType.Size(0, Long.MAX_VALUE), new ValueType.Words());
        for (ValueType<?> type : types) {
            if (type.parse(text) != null) {
                return type;
            }
        }
        return new ValueType.Text();
    }
}

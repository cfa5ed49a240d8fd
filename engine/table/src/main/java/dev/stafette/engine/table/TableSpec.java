// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.syntax.ConfigException;

/**
 * A table as a parameter names it.
 * Thread: any (a value).
 *
 * @param name a file, a text in braces, or whatever the type takes
 */
public record TableSpec(String type, String name) {

    public static TableSpec parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new ConfigException("open dictionary: expecting \"type:name\" form instead of \"" + text + "\"");
        }
        return new TableSpec(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Whether the table stands in the parameter itself: {@code type:{ ... }}. */
    public boolean isInline() {
        return name.charAt(0) == '{';
    }

    /** As it was written. */
    @Override
    public String toString() {
        return type + ":" + name;
    }
}

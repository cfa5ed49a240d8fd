// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import org.jspecify.annotations.Nullable;

/**
 * A row of the parameter table.
 * Thread: any (a value).
 *
 * @param section its heading in the reference
 * @param defaultText as Postfix prints it, unexpanded; null: the machine decides
 * @param purpose one line for people
 */
public record Parameter(
        String name,
        String section,
        ValueType<?> type,
        @Nullable String defaultText,
        Applies applies,
        String purpose) {
    /** Stands for a service name in the name of a parameter that every transport has. */
    static final String TRANSPORT = "<transport>";

    /** When a changed value is used. */
    public enum Applies {
        RELOAD("reload"),
        RESTART("restart"),
        /** It is read and checked, but what it asks for is not built yet. */
        NOT_YET("-"),
        /** It is read and checked, but has no meaning here; its purpose says why. */
        NEVER("none");

        private final String text;

        Applies(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** Whether its value keeps its {@code $}. */
    public boolean isRaw() {
        return type instanceof ValueType.RawText;
    }

    boolean isPerTransport() {
        return name.startsWith(TRANSPORT);
    }

    /** What the name of a per-transport parameter ends in. */
    String suffix() {
        return name.substring(TRANSPORT.length());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import org.jspecify.annotations.Nullable;

/**
 * A name that is known to be a parameter.
 * Thread: any (a value).
 *
 * @param defaultText as it is written, unexpanded; null: the machine decides, or, of a user's own, there is none
 * @param isRaw its value keeps its {@code $}
 * @param isListed false: shown only when it is set or asked for by name
 */
record ParameterRow(String name, @Nullable String defaultText, Kind kind, boolean isRaw, boolean isListed) {
    /** Where a parameter comes from: the classes of {@code postconf -C}. */
    enum Kind {
        BUILTIN,
        /** One for each service of master.cf. */
        SERVICE,
        /** Somebody's own, which a {@code $name} or a list of restriction classes refers to. */
        USER
    }
}

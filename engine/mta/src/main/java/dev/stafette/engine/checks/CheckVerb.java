// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a table of header_checks(5) may want done.
 * Thread: any (a value).
 */
public enum CheckVerb {
    BCC,
    DISCARD,
    DUNNO,
    FILTER,
    HOLD,
    IGNORE,
    INFO,
    /** The same as {@link #DUNNO}. */
    OK,
    /** The message is looked into no further. */
    PASS,
    PREPEND,
    REDIRECT,
    REJECT,
    REPLACE,
    /** {@link #IGNORE}, with a line in the log. */
    STRIP,
    WARN;

    /** In any case; null when it is none. */
    static @Nullable CheckVerb of(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        for (CheckVerb verb : values()) {
            if (verb.name().equals(upper)) {
                return verb;
            }
        }
        return null;
    }

    /** As the log calls it. */
    public String logWord() {
        return this == WARN ? "warning" : name().toLowerCase(Locale.ROOT);
    }
}

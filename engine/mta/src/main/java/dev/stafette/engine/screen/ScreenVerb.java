// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The commands that are known to a server that takes no mail; the last is none.
 * Thread: any (constants).
 */
enum ScreenVerb {
    HELO,
    EHLO,
    STARTTLS,
    XCLIENT,
    XFORWARD,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    BDAT,
    RSET,
    NOOP,
    VRFY,
    ETRN,
    QUIT,
    UNKNOWN;

    private static final Map<String, ScreenVerb> BY_NAME = new HashMap<>();

    static {
        for (ScreenVerb verb : values()) {
            if (verb != UNKNOWN) {
                BY_NAME.put(verb.name(), verb);
            }
        }
    }

    static ScreenVerb of(String word) {
        return BY_NAME.getOrDefault(word.toUpperCase(Locale.ROOT), UNKNOWN);
    }

    /** It is taken in the clear where TLS is required (RFC 3207 §4). */
    boolean isFineBeforeTls() {
        return switch (this) {
            case HELO, EHLO, STARTTLS, NOOP, QUIT -> true;
            // These are not known, whether in the clear or not.
            case XCLIENT, XFORWARD, AUTH, UNKNOWN -> true;
            default -> false;
        };
    }

    /** As the log has it. */
    String text() {
        return this == UNKNOWN ? "UNIMPLEMENTED" : name();
    }
}

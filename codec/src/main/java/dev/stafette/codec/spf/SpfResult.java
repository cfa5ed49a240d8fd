// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.spf;

import java.util.Locale;

/** What a domain says of a client that uses its name (RFC 7208 §2.6). Thread: any. */
public enum SpfResult {
    NONE,
    NEUTRAL,
    PASS,
    FAIL,
    SOFTFAIL,
    TEMPERROR,
    PERMERROR;

    /** As Authentication-Results has it (RFC 8601 §2.7.2). */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of the character before a mechanism. */
    static SpfResult ofQualifier(char qualifier) {
        return switch (qualifier) {
            case '-' -> FAIL;
            case '~' -> SOFTFAIL;
            case '?' -> NEUTRAL;
            default -> PASS;
        };
    }
}

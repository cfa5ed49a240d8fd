// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import java.util.Locale;

/** How much of a change on the way a signature bears (RFC 6376 §3.4). Thread: any. */
public enum Canonicalization {
    /** None. */
    SIMPLE,
    /** White space may change, and the case of field names. */
    RELAXED;

    /** As {@code c=} has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

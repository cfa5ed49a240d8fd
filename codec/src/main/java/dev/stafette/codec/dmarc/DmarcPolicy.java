// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dmarc;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is asked for (RFC 7489 §6.3), the mildest first. Thread: any. */
public enum DmarcPolicy {
    NONE,
    QUARANTINE,
    REJECT;

    /** As records have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable DmarcPolicy of(String word) {
        for (DmarcPolicy policy : values()) {
            if (policy.word().equals(word)) {
                return policy;
            }
        }
        return null;
    }

    /** For mail that is not among the percentage for which this one is asked (RFC 7489 §6.6.4). */
    public DmarcPolicy milder() {
        return this == REJECT ? QUARANTINE : NONE;
    }
}

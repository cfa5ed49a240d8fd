// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.spf;

import org.jspecify.annotations.Nullable;

/** The mechanisms of RFC 7208 §5, and whether they cost one of the ten lookups (§4.6.4). Thread: any. */
public enum SpfMechanism {
    ALL(false),
    INCLUDE(true),
    A(true),
    MX(true),
    PTR(true),
    IP4(false),
    IP6(false),
    EXISTS(true);

    private final boolean looksUp;

    SpfMechanism(boolean looksUp) {
        this.looksUp = looksUp;
    }

    public boolean looksUp() {
        return looksUp;
    }

    static @Nullable SpfMechanism named(String name) {
        for (SpfMechanism mechanism : values()) {
            if (mechanism.name().equalsIgnoreCase(name)) {
                return mechanism;
            }
        }
        return null;
    }
}

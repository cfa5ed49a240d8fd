// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import org.jspecify.annotations.Nullable;

/**
 * What is known of an address, with the number that verify(8) has for it.
 * Thread: any (a value).
 */
public enum AddressStatus {
    DELIVERABLE,
    /** It could not be asked for. */
    DEFERRED,
    UNDELIVERABLE,
    /** Nothing: a probe is under way. */
    PENDING;

    private static final AddressStatus[] ALL = values();

    int code() {
        return ordinal();
    }

    static @Nullable AddressStatus of(int code) {
        return code >= 0 && code < ALL.length ? ALL[code] : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * Where a recipient is; always in exactly one of these.
 *
 * <pre>
 * READY      → IN_FLIGHT: an entry took it     → DEFERRED: its destination is dead
 * IN_FLIGHT  → DEFERRED, or HELD if its message was held meanwhile: the attempt was in vain     → DONE: settled
 *            → READY: the entry was given back
 * DEFERRED   → READY: its time has come, or flushed
 * READY, DEFERRED → HELD: hold     → DONE: expired, or removed
 * HELD       → READY, DEFERRED: released     → DONE: removed
 * </pre>
 */
public enum RecipientStatus {
    READY,
    IN_FLIGHT,
    DEFERRED,
    HELD,
    /** Delivered, failed, expired or removed: nothing of it will happen any more. */
    DONE;

    private static final RecipientStatus[] VALUES = values();

    static RecipientStatus at(int ordinal) {
        return VALUES[ordinal];
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * The messages that are held for a moment, while a copy is made of them, and whether an operator had them held before: of
 * that the journal knows, of the moment it does not.
 * Thread: queue agent.
 */
final class Suspensions {
    private final Long2ObjectHashMap<Boolean> wasHeldById = new Long2ObjectHashMap<>();

    void begin(long queueId, boolean wasHeld) {
        wasHeldById.put(queueId, Boolean.valueOf(wasHeld));
    }

    boolean isSuspended(long queueId) {
        return wasHeldById.containsKey(queueId);
    }

    /** Whether an operator has it held; {@code isHeld}: whether it is held at all. */
    boolean isHeldByOperator(long queueId, boolean isHeld) {
        Boolean wasHeld = wasHeldById.get(queueId);
        return wasHeld == null ? isHeld : wasHeld;
    }

    void end(long queueId) {
        wasHeldById.remove(queueId);
    }
}

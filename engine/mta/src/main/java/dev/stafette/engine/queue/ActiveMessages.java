// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages whose envelopes are in memory, by slot of the index.
 * Thread: queue agent.
 *
 * <p>A message that is in flight or owes a report is always here. A waiting one is here only while there is room, so
 * that memory does not grow with the queue; what was let go is read back from its body when its turn comes.
 */
final class ActiveMessages {
    /** As qmgr_message_active_limit: recipients of waiting messages whose envelopes are kept. */
    static final int RECIPIENTS_MAX = 20_000;

    private final Int2ObjectHashMap<ActiveMessage> bySlot = new Int2ObjectHashMap<>();

    private int recipientCount;

    boolean hasRoom() {
        return recipientCount < RECIPIENTS_MAX;
    }

    void put(ActiveMessage message) {
        if (bySlot.put(message.slot(), message) == null) {
            recipientCount += message.envelope().recipients().size();
        }
    }

    @Nullable
    ActiveMessage get(int slot) {
        return bySlot.get(slot);
    }

    /** It waits, and can be read back. */
    void drop(int slot) {
        ActiveMessage message = bySlot.remove(slot);
        if (message != null) {
            recipientCount -= message.envelope().recipients().size();
        }
    }

    /** It has left the queue. */
    void remove(int slot) {
        ActiveMessage message = bySlot.get(slot);
        if (message != null) {
            message.onRemoved();
            drop(slot);
        }
    }

    int size() {
        return bySlot.size();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.RecipientState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages whose envelopes are in memory, by slot of the index, and what does not fit in an index record: bodies of
 * many extents, what senders have not been told since before the start, and who is held for a moment.
 * Thread: queue agent.
 *
 * <p>A message that is in flight or owes a report is always here. A waiting one is here only while there is room, so
 * that memory does not grow with the queue; what was let go is read back from its body when its turn comes.
 */
final class ActiveMessages {
    /** As qmgr_message_active_limit: recipients of waiting messages whose envelopes are kept. */
    static final int RECIPIENTS_MAX = 20_000;

    private final Int2ObjectHashMap<ActiveMessage> bySlot = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<BodyRef> manyExtents = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Boolean> suspended = new Long2ObjectHashMap<>();

    /** By queue id, states by place in the envelope; until the message is read back, which then has reports. */
    private final Long2ObjectHashMap<Map<Integer, RecipientState>> owed = new Long2ObjectHashMap<>();

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

    void drop(int slot) {
        ActiveMessage message = bySlot.remove(slot);
        if (message != null) {
            recipientCount -= message.envelope().recipients().size();
        }
    }

    /**
     * Notes that the message is held for a moment, and whether an operator had it held before: of that the journal knows,
     * of the moment it does not.
     */
    void suspend(long queueId, boolean wasHeld) {
        suspended.put(queueId, Boolean.valueOf(wasHeld));
    }

    boolean isSuspended(long queueId) {
        return suspended.containsKey(queueId);
    }

    /** Whether an operator has it held; {@code isHeld}: whether it is held at all. */
    boolean isHeldByOperator(long queueId, boolean isHeld) {
        Boolean wasHeld = suspended.get(queueId);
        return wasHeld == null ? isHeld : wasHeld;
    }

    void endSuspension(long queueId) {
        suspended.remove(queueId);
    }

    int size() {
        return bySlot.size();
    }

    /** Remembers the extents of a body that has more than one; returns what the index record holds for them. */
    void keepBody(long queueId, BodyRef body) {
        if (!body.isSingle()) {
            manyExtents.put(queueId, body);
        }
    }

    /** The message has left the queue, and the index. */
    void forget(long queueId) {
        manyExtents.remove(queueId);
        suspended.remove(queueId);
        owed.remove(queueId);
    }

    /** The journal says that the recipient is done, but that its sender has not been told. */
    void owe(long queueId, int envelopeIndex, RecipientState state) {
        owed.computeIfAbsent(queueId, id -> new TreeMap<>()).put(envelopeIndex, state);
    }

    /** The journal says that its sender has been told. */
    void onTold(long queueId, int envelopeIndex) {
        Map<Integer, RecipientState> states = owed.get(queueId);
        if (states != null) {
            states.remove(envelopeIndex);
            if (states.isEmpty()) {
                owed.remove(queueId);
            }
        }
    }

    boolean isOwing(long queueId) {
        return owed.containsKey(queueId);
    }

    List<Long> owing() {
        return new ArrayList<>(owed.keySet());
    }

    Map<Integer, RecipientState> owed(long queueId) {
        Map<Integer, RecipientState> states = owed.get(queueId);
        return states == null ? Map.of() : states;
    }

    /** The message has been read back, and keeps what is owed from now on. */
    Map<Integer, RecipientState> takeOwed(long queueId) {
        Map<Integer, RecipientState> states = owed(queueId);
        owed.remove(queueId);
        return states;
    }

    BodyRef body(long queueId, long packedA, long packedB) {
        BodyRef many = manyExtents.get(queueId);
        return many != null ? many : BodyRef.unpack(packedA, packedB);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.storage.format.RecipientState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * What senders have not been told since before the start, by queue id and place in the envelope; until the message is read
 * back, which then has the reports itself.
 * Thread: queue agent.
 */
final class OwedReports {
    private final Long2ObjectHashMap<Map<Integer, RecipientState>> byId = new Long2ObjectHashMap<>();

    /** The journal says that the recipient is done, but that its sender has not been told. */
    void owe(long queueId, int envelopeIndex, RecipientState state) {
        byId.computeIfAbsent(queueId, id -> new TreeMap<>()).put(envelopeIndex, state);
    }

    /** The journal says that its sender has been told. */
    void onTold(long queueId, int envelopeIndex) {
        Map<Integer, RecipientState> states = byId.get(queueId);
        if (states != null) {
            states.remove(envelopeIndex);
            if (states.isEmpty()) {
                byId.remove(queueId);
            }
        }
    }

    boolean isOwing(long queueId) {
        return byId.containsKey(queueId);
    }

    /** Messages of which something is owed. */
    List<Long> queueIds() {
        return new ArrayList<>(byId.keySet());
    }

    Map<Integer, RecipientState> of(long queueId) {
        Map<Integer, RecipientState> states = byId.get(queueId);
        return states == null ? Map.of() : states;
    }

    /** The message has been read back, and keeps what is owed from now on. */
    Map<Integer, RecipientState> take(long queueId) {
        Map<Integer, RecipientState> states = of(queueId);
        byId.remove(queueId);
        return states;
    }

    /** The message has left the queue. */
    void forget(long queueId) {
        byId.remove(queueId);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import java.util.HashSet;
import java.util.Set;

/**
 * Mail that somebody has asked for (postqueue -f, -i and -s, ETRN), so that it goes even by a transport that waits for that
 * (defer_transports). It is forgotten when the process ends.
 * Thread: queue agent.
 */
final class RequestedMail {
    /** Of messages asked for one by one; with more, the first ones have had their time. */
    private static final int MESSAGES_MAX = 100_000;

    private final Set<Long> queueIds = new HashSet<>();
    private boolean isAll;
    private long allUntilNs;

    /** All that has come until then. */
    void onAll(long nowNs) {
        isAll = true;
        allUntilNs = nowNs;
        queueIds.clear();
    }

    void onMessage(long queueId) {
        if (queueIds.size() == MESSAGES_MAX) {
            queueIds.clear();
        }
        queueIds.add(queueId);
    }

    boolean has(ActiveMessage message) {
        return isAll && message.arrivalNs() - allUntilNs <= 0 || queueIds.contains(message.queueId());
    }
}

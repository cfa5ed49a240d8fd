// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.format.BodyRef;

/** Hears which messages have become durable. Thread: queue agent. */
public interface DurableListener {
    /** The session has been told, or is being told at this moment, on its own thread. */
    void onAccepted(IncomingMessage message, BodyRef body, CommitResult result);

    /** A batch has ended, well or not: how often it called for a sync, and how long it took. */
    void onBatch(int syncCount, long durationNs);
}

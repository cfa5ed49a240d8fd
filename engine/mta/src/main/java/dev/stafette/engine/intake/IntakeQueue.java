// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;

/**
 * Where messages go: the queue agent's inbox and the spool behind it.
 * Thread: any; nothing of it waits. What was offered without success stays the caller's.
 */
public interface IntakeQueue {
    /** There would be no room for new mail. */
    boolean isShortOfSpace();

    /** A message of this size would take space that must be kept free. */
    boolean isTooLarge(long messageBytes);

    /** Never the same twice. */
    long nextQueueId(long epochMs);

    /** A part of a large message; its listener is told when it is on disk. */
    boolean offerChunk(IncomingExtent chunk);

    /** The last extent, or the only one, and with it the whole message. */
    boolean offerMessage(IncomingMessage message, IncomingExtent lastExtent);

    /** Chunks were sent of a message that will not come. */
    boolean offerAbandoned(long queueId);
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.storage.BodySlice;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.format.TakenOver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** The whole message: its extent 0, and what of its content no chunk has brought, null for a small one. */
    boolean offerMessage(IncomingMessage message, IncomingExtent first, @Nullable IncomingExtent rest);

    /** The message is discarded; the listener hears when what it would have taken over is settled. */
    boolean offerDiscarded(TakenOver takesOver, CommitListener listener);

    /**
     * Opens for reading what chunks have brought of a message that is not complete; they are on disk.
     *
     * @param listener gets it on the queue's thread, and closes it; null: there is nothing
     */
    boolean offerReading(long queueId, Consumer<@Nullable BodySlice> listener);

    /** What waits for recipients of the domain, which is in lower case, becomes due. */
    boolean offerFlush(String domain);

    /** Chunks were sent of a message that will not come. */
    boolean offerAbandoned(long queueId);
}

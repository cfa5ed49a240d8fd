// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import dev.stafette.storage.Spool;
import org.jspecify.annotations.Nullable;

/** Knows what is still in the queue, for the spool to tidy up behind it. Thread: queue agent. */
public interface CheckpointSource {
    /** Null when the message has left the queue. */
    @Nullable
    LiveMessage current(long queueId);

    /** Whether the message's body may be copied elsewhere now: nobody holds on to where it is. */
    boolean isMovable(long queueId);

    /** The body lies elsewhere; the old place stays readable until {@link Spool} is told that nobody reads it. */
    void onMoved(long queueId, BodyRef body);
}

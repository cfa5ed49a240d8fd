// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.scheduler.Entry;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be sent to the queue agent. Thread: any (values). */
public sealed interface QueueCommand {
    /**
     * A part of a large message that has arrived; the extent's listener is told when it is on disk, or that there was no
     * room. The buffers are taken.
     */
    record Chunk(IncomingExtent extent) implements QueueCommand {}

    /**
     * A whole message: its envelope, its extent 0, and what of its content no chunk has brought (null: a small message,
     * which has one extent). The buffers are taken.
     */
    record Accepted(
            IncomingMessage message,
            IncomingExtent first,
            @Nullable IncomingExtent rest) implements QueueCommand {}

    /** A message of which chunks were sent will not come. */
    record Abandoned(long queueId) implements QueueCommand {}

    /**
     * A message comes to nothing, and what it would have taken over is settled as if it had come; who brings it is told when
     * that is on disk.
     */
    record Discarded(TakenOver takesOver, CommitListener bringer) implements QueueCommand {}

    /** An attempt has ended. */
    record Attempted(DeliveryRequest request, DeliveryReport report) implements QueueCommand {}

    /** Where the recipients of an entry go; null for one of which that cannot be told. */
    record Routed(
            Entry entry, ActiveMessage message, @Nullable Route[] routes, int version) implements QueueCommand {}

    /** A message has been read back; without {@code stored}, the failure says why it could not be. */
    record Loaded(
            int slot, long queueId, BodyRef body, @Nullable StoredBody stored, String failure)
            implements QueueCommand {}

    /** A message that cannot be read has been copied to {@code corrupt/}, or could not be; the text says which. */
    record SetAside(int slot, long queueId, boolean isKept, String text) implements QueueCommand {}

    /** A report has ended; the id is that of the report, or a constant of {@link Reports}. */
    record Reported(ActiveMessage message, List<RecipientReport> told, long reportQueueId) implements QueueCommand {}

    /** Something to be done or looked up on the agent's thread: bounded, and not waiting for anything. */
    non-sealed interface Request extends QueueCommand {
        void run(QueueView view);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.queue.QueueAgent;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.QueueView;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what intake has into the queue agent's inbox. Thread: any. */
public final class InboxIntake implements IntakeQueue {
    /** Places of the index. */
    private static final int FLUSH_SLOTS_MAX = 4096;

    private final QueueInbox inbox;
    private final Spool spool;
    private final QueueId.Source queueIds;

    public InboxIntake(QueueInbox inbox, QueueAgent agent, QueueId.Source queueIds) {
        this.inbox = inbox;
        this.spool = agent.spool();
        this.queueIds = queueIds;
    }

    @Override
    public boolean isShortOfSpace() {
        return spool.isShortOfSpace();
    }

    @Override
    public boolean isTooLarge(long messageBytes) {
        return spool.isTooLarge(messageBytes);
    }

    @Override
    public long nextQueueId(long epochMs) {
        return queueIds.next(epochMs * 1000);
    }

    @Override
    public boolean offerChunk(IncomingExtent chunk) {
        return inbox.offer(new QueueCommand.Chunk(chunk));
    }

    @Override
    public boolean offerMessage(IncomingMessage message, IncomingExtent first, @Nullable IncomingExtent rest) {
        return inbox.offer(new QueueCommand.Accepted(message, first, rest));
    }

    @Override
    public boolean offerDiscarded(TakenOver takesOver, CommitListener listener) {
        return inbox.offer(new QueueCommand.Discarded(takesOver, listener));
    }

    @Override
    public boolean offerReading(long queueId, Consumer<@Nullable BodySlice> listener) {
        return inbox.offer((QueueCommand.Request) view -> listener.accept(spool.openArriving(queueId)));
    }

    @Override
    public boolean offerFlush(String domain) {
        return inbox.offer(flush(domain, 0));
    }

    /** A slice of the queue at a time, so that nothing else waits for the walk. */
    private QueueCommand.Request flush(String domain, long cursor) {
        return view -> {
            long next = view.flushDomain(cursor, FLUSH_SLOTS_MAX, domain);
            if (next != QueueView.END) {
                inbox.offerPatiently(flush(domain, next));
            }
        };
    }

    @Override
    public boolean offerAbandoned(long queueId) {
        return inbox.offer(new QueueCommand.Abandoned(queueId));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.queue.MessageQueue;
import dev.stafette.engine.queue.MessageStanding;
import dev.stafette.engine.queue.QueueAsk;
import dev.stafette.engine.queue.Reason;
import dev.stafette.storage.StoredBodies;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What administration asks of the queue, asked of the agent. A listing takes a page of facts on the agent's thread, and
 * reads the envelopes that belong to them on a worker, so that it holds up no delivery.
 * Thread: any.
 */
public final class AgentQueue implements QueueControl {
    /** Slots of the index that one slice of a flush looks at. */
    private static final int FLUSH_SLOTS_MAX = 4096;

    private final QueueAsk queue;
    private final StoredBodies bodies;
    private final Executor workers;

    public AgentQueue(QueueAsk queue, StoredBodies bodies, Executor workers) {
        this.queue = queue;
        this.bodies = bodies;
        this.workers = workers;
    }

    @Override
    public boolean flush() {
        return queue.ask(view -> view.flush());
    }

    @Override
    public boolean flush(long queueId, FlushListener listener) {
        return queue.ask(view -> listener.onFlushed(view.flush(queueId)));
    }

    @Override
    public boolean flushDomain(String domain, long cursor, CursorListener listener) {
        return queue.ask(view -> listener.onCursor(view.flushDomain(cursor, FLUSH_SLOTS_MAX, domain)));
    }

    @Override
    public boolean list(long cursor, int limit, PageListener listener) {
        return queue.ask(view -> {
            List<MessageStanding> found = new ArrayList<>();
            long cursorAfter = view.list(cursor, limit, found::add);
            long workCount = view.workCount();
            workers.execute(() -> listener.onPage(new QueuePage(messages(found), cursorAfter, workCount)));
        });
    }

    static QueueName name(MessageQueue queue) {
        return switch (queue) {
            case ACTIVE -> QueueName.ACTIVE;
            case DEFERRED -> QueueName.DEFERRED;
            case HOLD -> QueueName.HOLD;
        };
    }

    /** On a worker. */
    private List<QueuedMessage> messages(List<MessageStanding> found) {
        List<QueuedMessage> messages = new ArrayList<>(found.size());
        for (MessageStanding one : found) {
            try {
                messages.add(message(one, bodies.readEnvelope(one.queueId(), one.body())));
            } catch (StorageException gone) {
                // It left the queue since the page was taken.
            }
        }
        return messages;
    }

    private static QueuedMessage message(MessageStanding found, StoredBody stored) {
        List<EnvelopeRecipient> all = stored.envelope().recipients();
        List<QueuedRecipient> waiting = new ArrayList<>(found.waiting().size());
        found.waiting()
                .forEach((index, reason) -> waiting.add(new QueuedRecipient(
                        all.get(index).address().external(),
                        all.get(index).givenAddress(),
                        reason.isEmpty() ? null : Reason.decode(reason).text())));
        return new QueuedMessage(
                name(found.queue()),
                QueueId.format(found.queueId()),
                stored.arrivalMs(),
                found.body().sizeBytes(),
                found.expiring(),
                stored.envelope().sender().external(),
                waiting);
    }
}

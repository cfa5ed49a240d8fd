// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.queue.QueueAsk;
import dev.stafette.engine.queue.QueueView;
import dev.stafette.engine.queue.Reason;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.StoredBodies;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        return queue.ask(view -> view.scheduler().flush());
    }

    @Override
    public boolean flush(long queueId, FlushListener listener) {
        return queue.ask(view -> {
            int slot = view.scheduler().slotOf(queueId);
            if (slot != Scheduler.NONE) {
                view.scheduler().flushMessage(slot);
            }
            listener.onFlushed(slot != Scheduler.NONE);
        });
    }

    @Override
    public boolean flushDomain(String domain, long cursor, CursorListener listener) {
        return queue.ask(view -> {
            int next = view.flushDomain((int) cursor, FLUSH_SLOTS_MAX, domain);
            listener.onCursor(cursor(next));
        });
    }

    /** A message as the index knows it. */
    private record Row(long queueId, QueueName queue, boolean expiring, BodyRef body, Map<Integer, String> reasons) {}

    @Override
    public boolean list(long cursor, int limit, PageListener listener) {
        return queue.ask(view -> {
            List<Row> rows = new ArrayList<>();
            int next = view.scheduler().walkMessages((int) cursor, limit, slot -> rows.add(row(view, slot)));
            long cursorAfter = cursor(next);
            long workCount = view.workCount();
            workers.execute(() -> listener.onPage(new QueuePage(messages(rows), cursorAfter, workCount)));
        });
    }

    private static Row row(QueueView view, int slot) {
        Scheduler scheduler = view.scheduler();
        Map<Integer, String> reasons = new TreeMap<>();
        for (int r = scheduler.firstRecipient(slot); r != Scheduler.NONE; r = scheduler.nextRecipient(r)) {
            if (scheduler.status(r) != RecipientStatus.DONE) {
                reasons.put(scheduler.envelopeIndexOf(r), scheduler.reasonOf(r));
            }
        }
        return new Row(
                scheduler.queueId(slot),
                queueOf(scheduler, slot),
                scheduler.isExpiring(slot),
                view.body(slot),
                reasons);
    }

    /** From here a walk over the index goes on, as those who ask know it. */
    static long cursor(int next) {
        return next == Scheduler.NONE ? QueuePage.END : next;
    }

    /** Where Postfix would have the message's file. */
    static QueueName queueOf(Scheduler scheduler, int slot) {
        if (scheduler.isHeld(slot)) {
            return QueueName.HOLD;
        }
        return scheduler.isActive(slot) || scheduler.isDone(slot) ? QueueName.ACTIVE : QueueName.DEFERRED;
    }

    /** On a worker. */
    private List<QueuedMessage> messages(List<Row> rows) {
        List<QueuedMessage> messages = new ArrayList<>(rows.size());
        for (Row row : rows) {
            try {
                messages.add(message(row, bodies.readEnvelope(row.queueId(), row.body())));
            } catch (StorageException gone) {
                // It left the queue since the page was taken.
            }
        }
        return messages;
    }

    private static QueuedMessage message(Row row, StoredBody stored) {
        List<EnvelopeRecipient> all = stored.envelope().recipients();
        List<QueuedRecipient> waiting = new ArrayList<>(row.reasons().size());
        row.reasons()
                .forEach((index, reason) -> waiting.add(new QueuedRecipient(
                        all.get(index).address().external(),
                        null,
                        reason.isEmpty() ? null : Reason.decode(reason).text())));
        return new QueuedMessage(
                row.queue(),
                QueueId.format(row.queueId()),
                stored.arrivalMs(),
                row.body().sizeBytes(),
                row.expiring(),
                stored.envelope().sender().external(),
                waiting);
    }
}

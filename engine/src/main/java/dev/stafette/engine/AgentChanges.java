// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.admin.ChangeControl;
import dev.stafette.engine.admin.QueuePage;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.queue.QueueChanges;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.QueueView;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.QueueId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What administration does to the queue, done by the agent a slice at a time, so that a million messages hold up no
 * delivery: the next slice is asked for when the one before is on stable storage.
 * Thread: any.
 */
final class AgentChanges implements ChangeControl {
    private static final String PROGRAM = "postsuper";

    /** Slots of the index that one slice looks at. */
    private static final int SLOTS_MAX = 512;

    private static final String NO_ROOM = "no space left for the journal";
    private static final String NOT_DURABLE = "the change may not last: the journal could not be written";

    private final QueueInbox inbox;
    private final MailLog log;

    AgentChanges(QueueInbox inbox, MailLog log) {
        this.inbox = inbox;
        this.log = log;
    }

    @Override
    public boolean changeNamed(Change change, List<Long> queueIds, Set<QueueName> queues, SliceListener listener) {
        return ask(view -> {
            if (!view.changes().canRecord()) {
                listener.onSlice(new Slice(List.of(), QueuePage.END, NO_ROOM));
                return;
            }
            List<Long> changed = new ArrayList<>(queueIds.size());
            for (long queueId : queueIds) {
                int slot = view.scheduler().slotOf(queueId);
                if (slot != Scheduler.NONE && apply(change, queues, view, slot)) {
                    changed.add(queueId);
                    log.info(PROGRAM, QueueId.format(queueId) + ": " + change.done());
                }
            }
            answer(view, changed, QueuePage.END, listener);
        });
    }

    @Override
    public boolean changeNext(Change change, Set<QueueName> queues, long cursor, SliceListener listener) {
        return ask(view -> {
            if (!view.changes().canRecord()) {
                listener.onSlice(new Slice(List.of(), QueuePage.END, NO_ROOM));
                return;
            }
            if (change == Change.EXPIRE && !view.changes().canExpire()) {
                listener.onSlice(new Slice(List.of(), cursor, ""));
                return;
            }
            List<Long> changed = new ArrayList<>();
            int next = view.scheduler().walkMessages((int) cursor, SLOTS_MAX, slot -> {
                long queueId = view.scheduler().queueId(slot);
                if (apply(change, queues, view, slot)) {
                    changed.add(queueId);
                }
            });
            answer(view, changed, next == Scheduler.NONE ? QueuePage.END : next, listener);
        });
    }

    private boolean ask(QueueCommand.Request request) {
        return inbox.offer(request);
    }

    private static boolean apply(Change change, Set<QueueName> queues, QueueView view, int slot) {
        if (!queues.contains(AgentQueue.queueOf(view.scheduler(), slot))) {
            return false;
        }
        QueueChanges changes = view.changes();
        return switch (change) {
            case DELETE -> changes.delete(slot);
            case HOLD -> changes.hold(slot);
            case RELEASE -> changes.release(slot);
            case EXPIRE -> changes.expire(slot);
            case REQUEUE -> false;
        };
    }

    private static void answer(QueueView view, List<Long> changed, long next, SliceListener listener) {
        if (changed.isEmpty()) {
            listener.onSlice(new Slice(changed, next, ""));
            return;
        }
        view.changes().whenDurable(new Waiting(changed, next, listener));
    }

    @Override
    public void note(String text) {
        log.info(PROGRAM, text);
    }

    /** Waits on the commit thread, whose time is short; whoever is told only passes it on. */
    private record Waiting(List<Long> changed, long next, SliceListener listener) implements CommitListener {
        private static final Executor HERE = Runnable::run;

        @Override
        public Executor owner() {
            return HERE;
        }

        @Override
        public void onCommitted(CommitResult result) {
            listener.onSlice(new Slice(changed, next, result == CommitResult.DURABLE ? "" : NOT_DURABLE));
        }
    }
}

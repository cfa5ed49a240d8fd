// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.pickup.Requeuer;
import dev.stafette.engine.queue.MessageQueue;
import dev.stafette.engine.queue.QueueChanges;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.QueueView;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What administration does to the queue, done by the agent a slice at a time, so that a million messages hold up no
 * delivery: a slice is answered, and the next one asked for, when it is on stable storage.
 * Thread: any; the answers come on whatever thread has them.
 */
public final class AdministeredChanges {
    private static final String PROGRAM = "postsuper";

    /** Slots of the index that one slice looks at. */
    private static final int SLOTS_MAX = 512;

    /** The same where each message is copied. */
    private static final int REQUEUE_SLOTS_MAX = 64;

    private static final String NO_ROOM = "no space left for the journal";
    private static final String NOT_DURABLE = "the change may not last: the journal could not be written";

    private final QueueInbox inbox;
    private final MailLog log;
    private final QueueId.Source queueIds;
    private final Requeuer requeuer;

    public AdministeredChanges(QueueInbox inbox, MailLog log, QueueId.Source queueIds, Requeuer requeuer) {
        this.inbox = inbox;
        this.log = log;
        this.queueIds = queueIds;
        this.requeuer = requeuer;
    }

    /**
     * What became of a slice.
     *
     * @param queueIds of what was changed; unknown ids, and those of messages that were like that already, are not there
     * @param nextCursor where the next slice of all begins; {@link QueuePage#END} behind the last
     * @param failure why it was not done, or is not sure to last; empty when all went well
     */
    record Slice(List<Long> queueIds, long nextCursor, String failure) {
        Slice {
            queueIds = List.copyOf(queueIds);
        }
    }

    /** Changes these messages if they are in one of the queues. False: too busy, ask again. */
    boolean changeNamed(Change change, List<Long> queueIds, Set<QueueName> queues, Consumer<Slice> listener) {
        return inbox.ask(view -> {
            if (!view.changes().canRecord()) {
                listener.accept(new Slice(List.of(), QueuePage.END, NO_ROOM));
                return;
            }
            Doing doing = new Doing(change, true, QueuePage.END, listener);
            for (long queueId : queueIds) {
                MessageQueue queue = view.queueOf(queueId);
                if (queue != null && queues.contains(AdministeredQueue.name(queue))) {
                    doing.apply(view, queueId);
                }
            }
            doing.release(view);
        });
    }

    /** What all messages is before the first slice of them is changed: those that come later are left alone. */
    long newestId() {
        return queueIds.next(System.currentTimeMillis() * 1000);
    }

    /**
     * Where a walk over all messages is.
     *
     * @param cursor {@link AdministeredQueue#FIRST}, or what the slice before gave
     * @param newestId of the walk's beginning
     */
    record Position(long cursor, long newestId) {}

    /**
     * Changes the next messages of these queues behind {@code cursor}, up to that id. False: too busy, ask again.
     */
    boolean changeNext(Change change, Set<QueueName> queues, Position position, Consumer<Slice> listener) {
        return inbox.ask(view -> {
            if (!view.changes().canRecord()) {
                listener.accept(new Slice(List.of(), QueuePage.END, NO_ROOM));
                return;
            }
            if (change == Change.EXPIRE && !view.changes().canExpire()) {
                listener.accept(new Slice(List.of(), position.cursor(), ""));
                return;
            }
            List<Long> ids = new ArrayList<>();
            int limit = change == Change.REQUEUE ? REQUEUE_SLOTS_MAX : SLOTS_MAX;
            long next = view.find(
                    position.cursor(), limit, queue -> queues.contains(AdministeredQueue.name(queue)), ids::add);
            Doing doing = new Doing(change, false, next, listener);
            for (long queueId : ids) {
                if (queueId <= position.newestId()) {
                    doing.apply(view, queueId);
                }
            }
            doing.release(view);
        });
    }

    /** Puts a line of whoever asked for changes into the mail log. */
    void note(String text) {
        log.info(PROGRAM, text);
    }

    /** A slice while it is being done: messages that are copied end later, in any order. Thread: queue agent. */
    private final class Doing implements CommitListener {
        /** The commit thread tells, whose time is short; whoever is told only passes it on. */
        private static final Executor HERE = Runnable::run;

        private final Change change;
        private final boolean named;
        private final long nextCursor;
        private final Consumer<Slice> listener;
        private final List<Long> changed = new ArrayList<>();

        /** What is under way, and one for the slice itself while it is begun. */
        private int outstanding = 1;

        Doing(Change change, boolean named, long nextCursor, Consumer<Slice> listener) {
            this.change = change;
            this.named = named;
            this.nextCursor = nextCursor;
            this.listener = listener;
        }

        void apply(QueueView view, long queueId) {
            QueueChanges changes = view.changes();
            boolean done = switch (change) {
                case DELETE -> changes.delete(queueId);
                case HOLD -> changes.hold(queueId);
                case RELEASE -> changes.release(queueId);
                case EXPIRE -> changes.expire(queueId);
                case REQUEUE -> {
                    requeue(view, queueId);
                    yield false;
                }
            };
            if (done) {
                note(queueId);
            }
        }

        private void note(long queueId) {
            changed.add(queueId);
            if (named) {
                log.info(PROGRAM, QueueId.format(queueId) + ": " + change.done());
            }
        }

        private void requeue(QueueView view, long queueId) {
            BodyRef body = view.body(queueId);
            TakenOver waiting = view.changes().suspend(queueId);
            if (body == null || waiting.recipients().isEmpty()) {
                return;
            }
            outstanding++;
            requeuer.requeue(waiting, body, isQueued -> {
                QueueCommand.Request end = later -> {
                    later.changes().resume(waiting, isQueued);
                    if (isQueued) {
                        note(waiting.queueId());
                    }
                    release(later);
                };
                inbox.offerPatiently(end);
            });
        }

        void release(QueueView view) {
            if (--outstanding > 0) {
                return;
            }
            if (changed.isEmpty()) {
                listener.accept(new Slice(changed, nextCursor, ""));
            } else {
                view.changes().whenDurable(this);
            }
        }

        @Override
        public Executor owner() {
            return HERE;
        }

        @Override
        public void onCommitted(CommitResult result) {
            listener.accept(new Slice(changed, nextCursor, result == CommitResult.DURABLE ? "" : NOT_DURABLE));
        }
    }
}

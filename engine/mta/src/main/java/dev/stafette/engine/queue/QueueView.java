// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.format.BodyRef;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link QueueCommand.Request} may see and do. Messages are known by their ids, and what is told of them are
 * values, which may be kept.
 * Thread: queue agent; the view itself may not be kept.
 *
 * <p>Who walks over the queue begins at 0 and goes on, in a later request, at the cursor that was returned. Between the
 * two anything may happen: what is there all the time is shown once.
 */
public final class QueueView {
    /** In place of a cursor: there is nothing behind it. */
    public static final long END = -1;

    private final QueueState state;
    private final Scheduler scheduler;
    private final QueueClock clock;
    private final @Nullable Agent agent;

    /** What only a queue that runs can do. */
    interface Agent {
        long workCount();

        void reload(SchedulerSettings scheduling, QueueRules rules);

        QueueChanges changes();

        RequestedMail requested();
    }

    /** @param agent null: of a queue in which nothing happens */
    QueueView(QueueState state, QueueClock clock, @Nullable Agent agent) {
        this.state = state;
        this.scheduler = state.scheduler();
        this.clock = clock;
        this.agent = agent;
    }

    private Agent running() {
        if (agent == null) {
            throw new IllegalStateException("a change of a queue that does not run");
        }
        return agent;
    }

    /** Messages taken in and attempts ended since the start. */
    public long workCount() {
        return agent == null ? 0 : agent.workCount();
    }

    /** New settings from now on; what waits keeps its times. */
    public void reload(SchedulerSettings scheduling, QueueRules rules) {
        running().reload(scheduling, rules);
    }

    /** What an operator may do to messages. */
    public QueueChanges changes() {
        return running().changes();
    }

    /** Null when there is no such message. */
    public @Nullable MessageStanding message(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        return slot == Scheduler.NONE ? null : standing(slot);
    }

    /** Where the message's body lies; null when there is no such message. */
    public @Nullable BodyRef body(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        return slot == Scheduler.NONE ? null : state.body(slot);
    }

    /** Null when there is no such message. */
    public @Nullable MessageQueue queueOf(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        return slot == Scheduler.NONE ? null : queue(slot);
    }

    private MessageQueue queue(int slot) {
        if (scheduler.view().isHeld(slot)) {
            return MessageQueue.HOLD;
        }
        return scheduler.view().isActive(slot) || scheduler.view().isDone(slot)
                ? MessageQueue.ACTIVE
                : MessageQueue.DEFERRED;
    }

    private MessageStanding standing(int slot) {
        SortedMap<Integer, String> waiting = new TreeMap<>();
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            if (scheduler.view().status(r) != RecipientStatus.DONE) {
                waiting.put(
                        scheduler.view().envelopeIndexOf(r), scheduler.view().reasonOf(r));
            }
        }
        return new MessageStanding(
                scheduler.view().queueId(slot),
                queue(slot),
                scheduler.view().isExpiring(slot),
                state.body(slot),
                waiting);
    }

    /** Shows the next messages; looks at {@code limit} places of the index, and returns the next cursor. */
    public long list(long cursor, int limit, Consumer<MessageStanding> visitor) {
        return cursor(scheduler.view().walkMessages((int) cursor, limit, slot -> visitor.accept(standing(slot))));
    }

    /** As {@link #list}, the ids alone of those that are in such a queue. */
    public long find(long cursor, int limit, Predicate<MessageQueue> queues, LongConsumer visitor) {
        return cursor(scheduler.view().walkMessages((int) cursor, limit, slot -> {
            if (queues.test(queue(slot))) {
                visitor.accept(scheduler.view().queueId(slot));
            }
        }));
    }

    /** As {@link #list}, the next messages counted. */
    public QueueShape shape(QueueShape.Question question, long cursor, int limit) {
        long[] ageLimitsNs =
                question.ageLimitsNs().stream().mapToLong(Long::longValue).toArray();
        DomainCount count = new DomainCount(scheduler, state.domains(), question.senders(), ageLimitsNs, clock.nowNs());
        int next = scheduler.view().walkMessages((int) cursor, limit, slot -> {
            if (question.queues().test(queue(slot))) {
                count.add(slot);
            }
        });
        return new QueueShape(count.counts(), cursor(next));
    }

    private static long cursor(int next) {
        return next == Scheduler.NONE ? END : next;
    }

    /** Makes everything due. */
    public void flush() {
        running().requested().onAll(clock.nowNs());
        scheduler.commands().flush();
    }

    /** Makes due what waits of the message; false when there is no such message. */
    public boolean flush(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return false;
        }
        running().requested().onMessage(queueId);
        scheduler.commands().flushMessage(slot);
        return true;
    }

    /** As {@link #list}: makes those of the next messages due that wait for a recipient of this domain. */
    public long flushDomain(long cursor, int limit, String domain) {
        int id = state.domains().find(domain);
        if (id == QueueDomains.NONE) {
            return END;
        }
        return cursor(scheduler.view().walkMessages((int) cursor, limit, slot -> {
            for (int r = scheduler.view().firstRecipient(slot);
                    r != Scheduler.NONE;
                    r = scheduler.view().nextRecipient(r)) {
                if (state.domains().ofRecipient(r) == id && scheduler.view().status(r) == RecipientStatus.DEFERRED) {
                    running().requested().onMessage(scheduler.view().queueId(slot));
                    scheduler.commands().flushMessage(slot);
                    return;
                }
            }
        }));
    }
}

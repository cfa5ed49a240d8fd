// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link QueueCommand.Request} may see and do.
 * Thread: queue agent; nothing of it may be kept.
 */
public final class QueueView {
    private static final Agent NONE = new Agent() {
        @Override
        public long workCount() {
            return 0;
        }

        @Override
        public void afterRound(int slot) {}

        @Override
        public void onTakenOver(TakenOver takenOver) {}

        @Override
        public void reload(QueueRules rules) {}
    };

    private final Scheduler scheduler;
    private final ActiveMessages active;
    private final QueueDomains domains;
    private final QueueClock clock;
    private final @Nullable QueueChanges changes;
    private final Agent agent;

    /** What only the agent as a whole can do. */
    interface Agent {
        long workCount();

        /** Sees to what follows when nothing of the message is under way. */
        void afterRound(int slot);

        /** A new message is on stable storage that takes this over. */
        void onTakenOver(TakenOver takenOver);

        void reload(QueueRules rules);
    }

    QueueView(QueueParts parts, ActiveMessages active, Reports reports, Agent agent) {
        this.scheduler = parts.scheduler();
        this.clock = parts.clock();
        this.active = active;
        this.domains = parts.domains();
        this.agent = agent;
        this.changes = new QueueChanges(parts, active, reports, agent);
    }

    private QueueView(Scheduler scheduler, ActiveMessages active, QueueDomains domains, QueueClock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.active = active;
        this.domains = domains;
        this.agent = NONE;
        this.changes = null;
    }

    /** Of a queue in which nothing happens: there is no agent. */
    static QueueView ofStopped(Scheduler scheduler, ActiveMessages active, QueueDomains domains, QueueClock clock) {
        return new QueueView(scheduler, active, domains, clock);
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** Messages taken in and attempts ended since the start. */
    public long workCount() {
        return agent.workCount();
    }

    /** New settings from now on; what waits keeps its times. */
    public void reload(SchedulerSettings scheduling, QueueRules rules) {
        scheduler.reload(scheduling);
        agent.reload(rules);
    }

    /** What an operator may do to messages. */
    public QueueChanges changes() {
        if (changes == null) {
            throw new IllegalStateException("a change of a queue that does not run");
        }
        return changes;
    }

    /**
     * Counts nothing yet.
     *
     * @param senders count messages by their sender's domain
     * @param ageLimitsNs where one age group ends and the next begins, ascending
     */
    public QueueShape shape(boolean senders, long[] ageLimitsNs) {
        return new QueueShape(scheduler, domains, senders, ageLimitsNs, clock.nowNs());
    }

    /** Makes those of the next messages due that wait for a recipient of this domain; returns the next cursor. */
    public int flushDomain(int cursor, int limit, String domain) {
        int id = domains.find(domain);
        if (id == QueueDomains.NONE) {
            return Scheduler.NONE;
        }
        return scheduler.walkMessages(cursor, limit, slot -> {
            for (int r = scheduler.firstRecipient(slot); r != Scheduler.NONE; r = scheduler.nextRecipient(r)) {
                if (domains.ofRecipient(r) == id && scheduler.status(r) == RecipientStatus.DEFERRED) {
                    scheduler.flushMessage(slot);
                    return;
                }
            }
        });
    }

    public BodyRef body(int slot) {
        long queueId = scheduler.queueId(slot);
        return active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
    }

    /** The message if it is in memory. */
    public @Nullable ActiveMessage active(int slot) {
        return active.get(slot);
    }

    public long nowNs() {
        return clock.nowNs();
    }

    public long toEpochMs(long ns) {
        return clock.toEpochMs(ns);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.BodyRef;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.Spool;

/**
 * What an operator may do to messages; each call says whether it changed anything. It is in the journal before anybody
 * can see it, and on stable storage when {@link #whenDurable} tells.
 * Thread: queue agent.
 */
public final class QueueChanges {
    /** Reports that wait for their turn: with more of them nothing is expired, as each keeps a message in memory. */
    static final int REPORTS_OWED_MAX = 1000;

    private final Spool spool;
    private final Scheduler scheduler;
    private final ActiveMessages active;
    private final QueueDomains domains;
    private final Reports reports;
    private final QueueListener listener;
    private final QueueClock clock;

    QueueChanges(QueueParts parts, ActiveMessages active, Reports reports) {
        this.spool = parts.spool();
        this.scheduler = parts.scheduler();
        this.listener = parts.listener();
        this.clock = parts.clock();
        this.active = active;
        this.domains = parts.domains();
        this.reports = reports;
    }

    /** False when the disk has no room for the records of changes. */
    public boolean canRecord() {
        return spool.canRecordOutcomes();
    }

    /** Whether more messages may be expired now: their reports have to be written. */
    public boolean canExpire() {
        return reports.owedCount() < REPORTS_OWED_MAX;
    }

    /**
     * Takes the message out of the queue. What is in flight goes on, and whatever comes of it, the message does not come
     * back; who still reads its body has its segment pinned.
     */
    public boolean delete(int slot) {
        long queueId = scheduler.queueId(slot);
        BodyRef body = active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
        ActiveMessage message = active.get(slot);
        spool.removed(queueId, body);
        domains.onRemoved(scheduler, slot);
        scheduler.remove(slot);
        active.forgetBody(queueId);
        if (message != null) {
            message.onRemoved();
            active.drop(slot);
        }
        listener.onDeleted(queueId);
        return true;
    }

    /** Nothing of the message is tried, and it does not grow too old, until it is released; what is in flight goes on. */
    public boolean hold(int slot) {
        if (scheduler.isHeld(slot)) {
            return false;
        }
        spool.held(scheduler.queueId(slot), true);
        scheduler.hold(slot);
        dropIfIdle(slot);
        return true;
    }

    private void dropIfIdle(int slot) {
        ActiveMessage message = active.get(slot);
        if (message != null
                && message.inFlightCount() == 0
                && !message.isReportInProgress()
                && message.notices().isEmpty()) {
            active.drop(slot);
        }
    }

    /** What was due before or comes due is tried again. */
    public boolean release(int slot) {
        if (!scheduler.isHeld(slot)) {
            return false;
        }
        spool.held(scheduler.queueId(slot), false);
        scheduler.release(slot, clock.nowNs());
        return true;
    }

    /** The message goes back to its sender: at once, or when it is released. */
    public boolean expire(int slot) {
        if (scheduler.isExpiring(slot)) {
            return false;
        }
        spool.expiring(scheduler.queueId(slot));
        scheduler.expire(slot);
        return true;
    }

    /** Tells the listener when all changes so far are on stable storage, or that they could not be written. */
    public void whenDurable(CommitListener whoWaits) {
        spool.whenDurable(whoWaits);
    }
}

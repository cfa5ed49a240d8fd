// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final QueueView.Agent agent;
    private final QueueListener listener;
    private final QueueClock clock;

    QueueChanges(QueueParts parts, ActiveMessages active, Reports reports, QueueView.Agent agent) {
        this.spool = parts.spool();
        this.scheduler = parts.scheduler();
        this.listener = parts.listener();
        this.clock = parts.clock();
        this.active = active;
        this.domains = parts.domains();
        this.reports = reports;
        this.agent = agent;
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
     * back; who still reads its body has its segment pinned. One that is suspended is on its way to another id, and cannot
     * be called back.
     */
    public boolean delete(int slot) {
        long queueId = scheduler.queueId(slot);
        if (active.isSuspended(queueId)) {
            return false;
        }
        BodyRef body = active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
        ActiveMessage message = active.get(slot);
        spool.removed(queueId, body);
        domains.onRemoved(scheduler, slot);
        scheduler.remove(slot);
        active.forget(queueId);
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
            // Or suspended, which is too short for anything else to be said of it.
            return false;
        }
        spool.held(scheduler.queueId(slot), true);
        scheduler.hold(slot);
        dropIfIdle(slot);
        return true;
    }

    private void dropIfIdle(int slot) {
        if (!isUnderWay(active.get(slot))) {
            active.drop(slot);
        }
    }

    /** What was due before or comes due is tried again. */
    public boolean release(int slot) {
        if (!scheduler.isHeld(slot) || active.isSuspended(scheduler.queueId(slot))) {
            return false;
        }
        spool.held(scheduler.queueId(slot), false);
        scheduler.release(slot, clock.nowNs());
        return true;
    }

    /** The message goes back to its sender: at once, or when it is released. */
    public boolean expire(int slot) {
        if (scheduler.isExpiring(slot) || active.isSuspended(scheduler.queueId(slot))) {
            return false;
        }
        spool.expiring(scheduler.queueId(slot));
        scheduler.expire(slot);
        return true;
    }

    /**
     * Keeps those recipients from being tried who wait, until {@link #resume}, and returns them for a copy of the message
     * that takes them over; those in flight stay. Empty: nobody waits, or somebody else has suspended it.
     */
    public TakenOver suspend(int slot) {
        long queueId = scheduler.queueId(slot);
        List<Integer> waiting = new ArrayList<>();
        Warning warning = scheduler.isWarned(slot) ? Warning.INHERITED : Warning.NONE;
        if (active.isSuspended(queueId)) {
            return new TakenOver(queueId, waiting, warning);
        }
        for (int r = scheduler.firstRecipient(slot); r != Scheduler.NONE; r = scheduler.nextRecipient(r)) {
            RecipientStatus status = scheduler.status(r);
            if (status != RecipientStatus.DONE && status != RecipientStatus.IN_FLIGHT) {
                waiting.add(scheduler.envelopeIndexOf(r));
            }
        }
        if (!waiting.isEmpty()) {
            active.suspend(queueId, scheduler.isHeld(slot));
            scheduler.hold(slot);
        }
        return new TakenOver(queueId, waiting, warning);
    }

    /** {@code isTaken}: the copy is on stable storage, and has its recipients; else they go on here. */
    public void resume(TakenOver suspended, boolean isTaken) {
        long queueId = suspended.queueId();
        int slot = scheduler.slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return;
        }
        boolean wasHeld = active.isHeldByOperator(queueId, true);
        active.endSuspension(queueId);
        if (isTaken) {
            // The copy's admission may be a moment behind its answer.
            agent.onTakenOver(suspended);
        }
        if (!wasHeld) {
            scheduler.release(slot, clock.nowNs());
        }
        if (!scheduler.isDone(slot)) {
            return;
        }
        if (active.get(slot) == null && !active.isOwing(queueId)) {
            delete(slot);
        } else {
            // It may owe a report.
            agent.afterRound(slot);
        }
    }

    private static boolean isUnderWay(@Nullable ActiveMessage message) {
        return message != null
                && (message.inFlightCount() > 0
                        || message.isReportInProgress()
                        || !message.reports().isEmpty());
    }

    /** Tells the listener when all changes so far are on stable storage, or that they could not be written. */
    public void whenDurable(CommitListener whoWaits) {
        spool.whenDurable(whoWaits);
    }
}

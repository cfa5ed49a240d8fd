// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.BodyRef;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.Spool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
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
    private final Recovery recovered;
    private final IntConsumer afterRound;
    private final QueueListener listener;
    private final QueueClock clock;

    /** @param afterRound ends the message in that slot if nothing of it is left to do */
    QueueChanges(QueueParts parts, ActiveMessages active, Reports reports, IntConsumer afterRound) {
        this.spool = parts.spool();
        this.scheduler = parts.scheduler();
        this.listener = parts.listener();
        this.clock = parts.clock();
        this.active = active;
        this.domains = parts.domains();
        this.reports = reports;
        this.recovered = parts.recovered();
        this.afterRound = afterRound;
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
        active.endSuspension(queueId);
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
     * Keeps those recipients from being tried who wait, until {@link #resume}; returns their places in the envelope. Empty:
     * nobody waits, or somebody else has suspended it.
     */
    public List<Integer> suspend(int slot) {
        long queueId = scheduler.queueId(slot);
        List<Integer> waiting = new ArrayList<>();
        if (active.isSuspended(queueId)) {
            return waiting;
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
        return waiting;
    }

    /** {@code moved}: the suspended recipients that are in another message now, on stable storage; the others go on. */
    public void resume(long queueId, List<Integer> moved) {
        int slot = scheduler.slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return;
        }
        boolean wasHeld = active.isHeldByOperator(queueId, true);
        active.endSuspension(queueId);
        for (int index : moved) {
            int recipient = scheduler.recipientAt(slot, index);
            if (scheduler.status(recipient) == RecipientStatus.HELD) {
                scheduler.restoreDone(recipient);
                spool.delivered(queueId, index);
            }
        }
        if (!wasHeld) {
            scheduler.release(slot, clock.nowNs());
        }
        if (!scheduler.isDone(slot)) {
            return;
        }
        if (active.get(slot) == null && !recovered.owing().containsKey(queueId)) {
            delete(slot);
        } else {
            // It may owe a report.
            afterRound.accept(slot);
        }
    }

    private static boolean isUnderWay(@Nullable ActiveMessage message) {
        return message != null
                && (message.inFlightCount() > 0
                        || message.isReportInProgress()
                        || !message.notices().isEmpty());
    }

    /** Tells the listener when all changes so far are on stable storage, or that they could not be written. */
    public void whenDurable(CommitListener whoWaits) {
        spool.whenDurable(whoWaits);
    }
}

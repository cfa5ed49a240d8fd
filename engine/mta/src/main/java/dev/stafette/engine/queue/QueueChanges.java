// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to messages; each call says whether it changed anything, which it does not where there is no
 * such message. It is in the journal before anybody can see it, and on stable storage when {@link #whenDurable} tells.
 * Thread: queue agent.
 */
public final class QueueChanges {
    /** Reports that wait for their turn: with more of them nothing is expired, as each keeps a message in memory. */
    static final int REPORTS_OWED_MAX = 1000;

    private final Spool spool;
    private final QueueState state;
    private final Scheduler scheduler;
    private final Reports reports;
    private final MessageLoader loader;
    private final RoundEnd roundEnd;
    private final QueueListener listener;
    private final QueueClock clock;

    QueueChanges(
            Spool spool,
            QueueState state,
            Reports reports,
            MessageLoader loader,
            RoundEnd roundEnd,
            QueueListener listener,
            QueueClock clock) {
        this.spool = spool;
        this.state = state;
        this.scheduler = state.scheduler();
        this.reports = reports;
        this.loader = loader;
        this.roundEnd = roundEnd;
        this.listener = listener;
        this.clock = clock;
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
     * Takes the message out of the queue; who still reads its body has its segment pinned. One that is suspended is on its
     * way to another id, and cannot be called back.
     */
    public boolean delete(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE || state.suspensions().isSuspended(queueId)) {
            return false;
        }
        state.remove(slot);
        listener.onDeleted(queueId);
        return true;
    }

    /** Nothing of the message is tried, and it does not grow too old, until it is released; what is in flight goes on. */
    public boolean hold(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE || scheduler.view().isHeld(slot)) {
            // Or suspended, which is too short for anything else to be said of it.
            return false;
        }
        spool.held(queueId, true);
        scheduler.commands().hold(slot);
        if (!isUnderWay(state.active().get(slot))) {
            state.active().drop(slot);
        }
        return true;
    }

    private static boolean isUnderWay(@Nullable ActiveMessage message) {
        return message != null
                && (message.inFlightCount() > 0
                        || message.isReportInProgress()
                        || !message.reports().isEmpty());
    }

    /** What was due before or comes due is tried again. */
    public boolean release(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE
                || !scheduler.view().isHeld(slot)
                || state.suspensions().isSuspended(queueId)) {
            return false;
        }
        spool.held(queueId, false);
        scheduler.commands().release(slot, clock.nowNs());
        return true;
    }

    /** The message goes back to its sender: at once, or when it is released. */
    public boolean expire(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE
                || scheduler.view().isExpiring(slot)
                || state.suspensions().isSuspended(queueId)) {
            return false;
        }
        spool.expiring(queueId);
        scheduler.commands().expire(slot);
        return true;
    }

    /**
     * Keeps those recipients from being tried who wait, until {@link #resume}, and returns them for a copy of the message
     * that takes them over; those in flight stay. Empty: nobody waits, or somebody else has suspended it.
     */
    public TakenOver suspend(long queueId) {
        int slot = scheduler.view().slotOf(queueId);
        List<Integer> waiting = new ArrayList<>();
        if (slot == Scheduler.NONE) {
            return new TakenOver(queueId, waiting, Warning.NONE);
        }
        Warning warning = scheduler.view().isWarned(slot) ? Warning.INHERITED : Warning.NONE;
        if (state.suspensions().isSuspended(queueId)) {
            return new TakenOver(queueId, waiting, warning);
        }
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            RecipientStatus status = scheduler.view().status(r);
            if (status != RecipientStatus.DONE && status != RecipientStatus.IN_FLIGHT) {
                waiting.add(scheduler.view().envelopeIndexOf(r));
            }
        }
        if (!waiting.isEmpty()) {
            state.suspensions().begin(queueId, scheduler.view().isHeld(slot));
            scheduler.commands().hold(slot);
        }
        return new TakenOver(queueId, waiting, warning);
    }

    /** {@code isTaken}: the copy is on stable storage, and has its recipients; else they go on here. */
    public void resume(TakenOver suspended, boolean isTaken) {
        long queueId = suspended.queueId();
        int slot = scheduler.view().slotOf(queueId);
        if (slot == Scheduler.NONE) {
            return;
        }
        boolean wasHeld = state.suspensions().isHeldByOperator(queueId, true);
        state.suspensions().end(queueId);
        if (isTaken) {
            // The copy's admission may be a moment behind its answer.
            state.onTakenOver(suspended);
        }
        if (!wasHeld) {
            scheduler.commands().release(slot, clock.nowNs());
        }
        if (!scheduler.view().isDone(slot)) {
            return;
        }
        if (state.active().get(slot) == null && !state.owed().isOwing(queueId)) {
            delete(queueId);
        } else {
            // It may owe a report.
            loader.withMessage(slot, roundEnd::onIdle);
        }
    }

    /** Tells the listener when all changes so far are on stable storage, or that they could not be written. */
    public void whenDurable(CommitListener whoWaits) {
        spool.whenDurable(whoWaits);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Hands out entries by turns, of transports and of destinations within each, and learns from what becomes of them.
 * Thread: queue agent.
 */
final class Attempts {
    private final QueueIndex index;
    private final Destinations destinations;
    private final Deferrals deferrals;
    private final Lifetimes lifetimes;
    private final EntryGate gate;
    private final Jobs jobs;
    private final Candidate candidate = new Candidate();

    // Owned by the queue agent.
    private SchedulerSettings settings;
    private int laneTurn;
    private long stepCount;

    Attempts(QueueIndex index, Deferrals deferrals, Lifetimes lifetimes, EntryGate gate, SchedulerSettings settings) {
        this.index = index;
        this.deferrals = deferrals;
        this.lifetimes = lifetimes;
        this.destinations = index.destinations;
        this.jobs = index.jobs;
        this.gate = gate;
        this.settings = settings;
    }

    void reload(SchedulerSettings newSettings) {
        settings = newSettings;
    }

    /** Dead destinations whose rest is over, and blocked ones and jobs whose time has come. */
    int pollWakes(long nowNs, int limit) {
        destinations.advance(nowNs);
        jobs.wakes().advance(nowNs);
        int count = 0;
        int id = destinations.wakes().firstDue();
        while (count < limit && id != SlotLists.NONE) {
            wake(destinations.get(id));
            count++;
            id = destinations.wakes().firstDue();
        }
        int job = jobs.wakes().firstDue();
        while (count < limit && job != SlotLists.NONE) {
            wakeJob(job);
            count++;
            job = jobs.wakes().firstDue();
        }
        return count;
    }

    /** False when no such job is set aside. */
    boolean wakeJob(int job) {
        int id = jobs.destinationOfAside(job);
        if (id == Slab.NONE) {
            return false;
        }
        Destination destination = destinations.get(id);
        jobs.bringBack(destination, job);
        destinations.offer(destination);
        return true;
    }

    /** Whatever it waited for is over. */
    void wake(Destination destination) {
        destinations.stopWaiting(destination);
        if (destination.isPaused() && isTooEarly(destination)) {
            return;
        }
        destination.block(null);
        if (destination.window.isDead()) {
            destination.window.revive(settings.probesDead());
            destinations.endSuspension(destination);
        }
        destinations.offer(destination);
        destinations.settle(destination);
    }

    /** Whoever wants mail to go on at once does not shorten the delay between two attempts. */
    private boolean isTooEarly(Destination destination) {
        if (destination.pausedUntilNs() > index.nowNs()
                && destination.lane.settings().destinationDelayNs() > 0) {
            destinations.rest(destination, destination.pausedUntilNs());
            return true;
        }
        destination.endPause();
        return false;
    }

    /** Hands out at most {@code limit} entries, in at most as many turns; returns the number of turns. */
    int poll(long nowNs, EntrySink sink, int limit) {
        int turns = 0;
        int idleLanes = 0;
        int laneCount = destinations.lanes().size();
        while (turns < limit && idleLanes < laneCount) {
            laneTurn = laneTurn + 1 < laneCount ? laneTurn + 1 : 0;
            Destination destination = destinations.lanes().get(laneTurn).poll();
            if (destination == null) {
                idleLanes++;
                continue;
            }
            idleLanes = 0;
            turns++;
            if (destination.canGo()) {
                attempt(destination, nowNs, sink);
            } else {
                destinations.sites().pass(destination);
            }
        }
        stepCount += turns + idleLanes;
        return turns;
    }

    private void attempt(Destination destination, long nowNs, EntrySink sink) {
        int job = jobs.next(destination, nowNs);
        int message = jobs.message(job);
        candidate.set(destination.id, job, message, index.messages.queueId(message), jobs.entrySize(destination, job));
        BlockedBy blockedBy = gate.admit(candidate, nowNs);
        if (blockedBy != null) {
            block(destination, job, blockedBy);
            return;
        }
        destination.acquire();
        destination.lane.onAttempt(nowNs);
        Entry entry = take(destination, job);
        destinations.offer(destination);
        sink.onEntry(entry);
    }

    private void block(Destination destination, int job, BlockedBy blockedBy) {
        if (blockedBy.scope() == BlockedBy.Scope.JOB) {
            jobs.setAside(destination, job, blockedBy);
            destinations.offer(destination);
            return;
        }
        destination.block(blockedBy);
        if (blockedBy.untilNs() != BlockedBy.UNTIL_EVENT) {
            destinations.rest(destination, blockedBy.untilNs());
        }
    }

    /** The job's next recipients. */
    private Entry take(Destination destination, int job) {
        int[] recipients = new int[candidate.recipientCount()];
        int[] envelopeIndexes = new int[recipients.length];
        jobs.onTaken(destination, job);
        for (int i = 0; i < recipients.length; i++) {
            int recipient = jobs.firstOf(job);
            recipients[i] = recipient;
            envelopeIndexes[i] = index.recipients.envelopeIndex(recipient);
            index.move(recipient, RecipientStatus.IN_FLIGHT);
        }
        return new Entry(
                candidate.queueId(),
                candidate.message(),
                destination.id,
                recipients,
                envelopeIndexes,
                candidate.admittedTo());
    }

    void settleDone(Entry entry, int i) {
        index.move(settle(entry, i), RecipientStatus.DONE);
    }

    private int settle(Entry entry, int i) {
        int recipient = entry.recipient(i);
        if (entry.isSettled(i)) {
            throw new IllegalStateException("settled twice: recipient " + i + " of " + entry.size());
        }
        entry.onSettled(i);
        return recipient;
    }

    long settleDeferred(Entry entry, int i, long nowNs, String reason) {
        int recipient = settle(entry, i);
        if (index.messages.has(entry.message(), MessageRecords.REMOVED)) {
            index.move(recipient, RecipientStatus.DONE);
            return Scheduler.REMOVED;
        }
        index.recipients.attempts(recipient, index.recipients.attempts(recipient) + 1);
        return deferrals.defer(recipient, nowNs, index.reasons.acquire(reason));
    }

    /** Feeds the window. */
    void finish(Entry entry, @Nullable String siteFailure, long nowNs) {
        if (entry.unsettledCount() > 0) {
            throw new IllegalStateException(entry.unsettledCount() + " recipients are not settled");
        }
        Destination destination = destinations.get(entry.destination());
        int busyBefore = destination.window.busy();
        if (siteFailure != null) {
            if (destination.window.releaseUnwell()) {
                die(destination, siteFailure, nowNs);
            }
        } else if (destination.window.releaseWell()) {
            destinations.stopWaiting(destination);
            destinations.endSuspension(destination);
        }
        destination.lane.addBusy(destination.window.busy() - busyBefore);
        leave(entry, destination, nowNs, destination.lane.settings().destinationDelayNs());
    }

    /** Postfix moves all that waits to its retry service; here it is deferred by the next polls. */
    private void die(Destination destination, String siteFailure, long nowNs) {
        long untilNs = nowNs + settings.minimalBackoffNs();
        int reason = index.reasons.acquire(Scheduler.SUSPENDED + siteFailure);
        destination.die(siteFailure, reason, untilNs);
        destinations.rest(destination, untilNs);
    }

    void settleMoved(Entry entry, int i, int destination, long nowNs) {
        int recipient = settle(entry, i);
        index.changeDestination(recipient, destination);
        giveBack(recipient, entry.message(), nowNs);
    }

    /** The place in the window is free again, and nothing was learned. */
    void giveBack(Entry entry, long nowNs) {
        // Backwards, so that the first is in front again.
        for (int i = entry.size() - 1; i >= 0; i--) {
            if (!entry.isSettled(i)) {
                giveBack(settle(entry, i), entry.message(), nowNs);
            }
        }
        Destination destination = destinations.get(entry.destination());
        int busyBefore = destination.window.busy();
        destination.window.release();
        destination.lane.addBusy(destination.window.busy() - busyBefore);
        leave(entry, destination, nowNs, 0);
    }

    private void giveBack(int recipient, int message, long nowNs) {
        if (index.messages.has(message, MessageRecords.REMOVED)) {
            index.move(recipient, RecipientStatus.DONE);
        } else if (index.messages.has(message, MessageRecords.HELD)) {
            index.move(recipient, RecipientStatus.HELD);
        } else {
            index.moveToFront(recipient);
            lifetimes.arm(message, nowNs);
        }
    }

    /** {@code delayNs}: before the destination has another attempt. */
    private void leave(Entry entry, Destination destination, long nowNs, long delayNs) {
        gate.release(entry, nowNs);
        if (delayNs > 0 && !destination.window.isDead()) {
            destination.pause(nowNs + delayNs);
            destinations.rest(destination, nowNs + delayNs);
        }
        destinations.offer(destination);
        destinations.settle(destination);
        int message = entry.message();
        if (index.messages.has(message, MessageRecords.REMOVED)
                && index.messages.queueId(message) == entry.queueId()
                && index.messages.openCount(message) == 0) {
            index.free(message);
        }
    }

    /** Turns taken and lanes looked at since the start: what a poll costs. */
    long stepCount() {
        return stepCount;
    }
}

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

    // Owned by the queue agent.
    private SchedulerSettings settings;
    private int laneTurn;
    private long stepCount;

    Attempts(QueueIndex index, Deferrals deferrals, Lifetimes lifetimes, EntryGate gate, SchedulerSettings settings) {
        this.index = index;
        this.deferrals = deferrals;
        this.lifetimes = lifetimes;
        this.destinations = index.destinations;
        this.gate = gate;
        this.settings = settings;
    }

    void reload(SchedulerSettings newSettings) {
        settings = newSettings;
    }

    /** Dead destinations whose rest is over, and blocked ones whose time has come. */
    int pollWakes(long nowNs, int limit) {
        destinations.wakes().advance(nowNs);
        int count = 0;
        while (count < limit) {
            int id = destinations.wakes().firstDue();
            if (id == SlotLists.NONE) {
                break;
            }
            wake(destinations.get(id));
            count++;
        }
        return count;
    }

    /** Whatever it waited for is over. */
    void wake(Destination destination) {
        destinations.stopWaiting(destination);
        destination.block(null);
        if (destination.window.isDead()) {
            destination.window.revive(settings.probesDead());
            destinations.endSuspension(destination);
        }
        destinations.offer(destination);
        destinations.settle(destination);
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
            }
        }
        stepCount += turns + idleLanes;
        return turns;
    }

    private void attempt(Destination destination, long nowNs, EntrySink sink) {
        BlockedBy blockedBy = gate.admit(destination.id, nowNs);
        if (blockedBy != null) {
            destination.block(blockedBy);
            if (blockedBy.untilNs() != BlockedBy.UNTIL_EVENT) {
                destinations.rest(destination, blockedBy.untilNs());
            }
            return;
        }
        destination.window.acquire();
        Entry entry = take(destination);
        destinations.offer(destination);
        sink.onEntry(entry);
    }

    /** The first ready recipient, and those behind it of the same message. */
    private Entry take(Destination destination) {
        int first = index.todo.first(destination.todo);
        int message = index.recipients.message(first);
        boolean oneByOne = index.messages.has(message, MessageRecords.ONE_BY_ONE);
        int limit = oneByOne ? 1 : destination.lane.recipientLimit();
        int size = 1;
        int at = index.todo.next(first);
        while (size < limit && at != SlotLists.NONE && index.recipients.message(at) == message) {
            size++;
            at = index.todo.next(at);
        }
        int[] recipients = new int[size];
        int[] envelopeIndexes = new int[size];
        for (int i = 0; i < size; i++) {
            int recipient = index.todo.first(destination.todo);
            recipients[i] = recipient;
            envelopeIndexes[i] = index.recipients.envelopeIndex(recipient);
            index.move(recipient, RecipientStatus.IN_FLIGHT);
        }
        return new Entry(index.messages.queueId(message), message, destination.id, recipients, envelopeIndexes);
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
        if (siteFailure != null) {
            if (destination.window.releaseUnwell()) {
                die(destination, siteFailure, nowNs);
            }
        } else if (destination.window.releaseWell()) {
            destinations.stopWaiting(destination);
            destinations.endSuspension(destination);
        }
        leave(entry, destination, nowNs);
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
        destination.window.release();
        leave(entry, destination, nowNs);
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

    private void leave(Entry entry, Destination destination, long nowNs) {
        gate.release(destination.id, nowNs);
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

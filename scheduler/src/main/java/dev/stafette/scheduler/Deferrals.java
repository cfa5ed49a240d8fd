// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.agrona.collections.IntArrayList;

/**
 * Defers recipients and makes them ready again when their time has come, or somebody flushes.
 * Thread: queue agent.
 */
final class Deferrals {
    /** Records that a sweep looks at for each one of a poll's limit: reading one costs far less than an attempt. */
    private static final int SWEEP_FACTOR = 16;

    private final QueueIndex index;
    private final RetryPolicy policy;

    // Owned by the queue agent. Destinations to flush; the sweep through all records is for the first of them.
    private final IntArrayList sweeps = new IntArrayList();
    private int sweepAt;

    Deferrals(QueueIndex index, RetryPolicy policy) {
        this.index = index;
        this.policy = policy;
    }

    /**
     * Defers a recipient that is ready or in flight; one whose time is up is done instead.
     *
     * @param reason an acquired reference
     * @return when it is due, or {@link Scheduler#EXPIRED}
     */
    long defer(int recipient, long nowNs, int reason) {
        index.setReason(recipient, reason);
        int message = index.recipients.message(recipient);
        long ageNs = nowNs - index.messages.arrivalNs(message);
        if (index.messages.has(message, MessageRecords.EXPIRE | MessageRecords.ONCE)
                || policy.hasExpired(ageNs, index.messages.has(message, MessageRecords.NULL_SENDER))) {
            index.move(recipient, RecipientStatus.DONE);
            return Scheduler.EXPIRED;
        }
        long dueNs = nowNs
                + policy.backoffNs(
                        ageNs,
                        index.messages.queueId(message),
                        index.recipients.destination(recipient),
                        index.recipients.attempts(recipient));
        boolean held = index.messages.has(message, MessageRecords.HELD);
        index.defer(recipient, held ? RecipientStatus.HELD : RecipientStatus.DEFERRED, dueNs);
        return dueNs;
    }

    /** Defers ready recipients of dead destinations; returns how many were looked at. */
    int pollSuspended(long nowNs, EntrySink sink, int limit) {
        int count = 0;
        while (count < limit) {
            Destination destination = index.destinations.peekSuspended();
            if (destination == null) {
                break;
            }
            suspend(destination, index.jobs.firstRecipient(destination), nowNs, sink);
            count++;
        }
        return count;
    }

    private void suspend(Destination destination, int recipient, long nowNs, EntrySink sink) {
        String siteReason = destination.siteReason();
        int message = index.recipients.message(recipient);
        index.reasons.retain(destination.suspendedReason());
        long dueNs = defer(recipient, nowNs, destination.suspendedReason());
        if (dueNs == Scheduler.EXPIRED) {
            sink.onExpired(message, recipient);
        } else {
            sink.onSuspended(message, recipient, siteReason, dueNs);
        }
    }

    /** Makes ready what is due; returns how many that were. */
    int pollDue(long nowNs, int limit) {
        index.dues.advance(nowNs);
        int count = 0;
        while (count < limit) {
            int recipient = index.dues.firstDue();
            if (recipient == SlotLists.NONE) {
                break;
            }
            index.move(recipient, RecipientStatus.READY);
            count++;
        }
        return count;
    }

    /**
     * There is no list of what a destination has deferred: all records are looked through, a few at each poll. What is
     * deferred meanwhile may be found as well, and be tried once more at once.
     */
    void flush(int destination) {
        if (!sweeps.containsInt(destination)) {
            sweeps.addInt(destination);
        }
    }

    int pollSweep(int limit) {
        if (sweeps.isEmpty()) {
            return 0;
        }
        int destination = sweeps.getInt(0);
        int end = (int) Math.min(index.recipients.slab().slotEnd(), sweepAt + (long) limit * SWEEP_FACTOR);
        int count = 0;
        for (int recipient = sweepAt; recipient < end; recipient++) {
            if (index.recipients.isUsed(recipient)
                    && index.recipients.status(recipient) == RecipientStatus.DEFERRED
                    && index.recipients.destination(recipient) == destination) {
                index.move(recipient, RecipientStatus.READY);
                count++;
            }
        }
        sweepAt = end;
        if (end == index.recipients.slab().slotEnd()) {
            sweepAt = 0;
            sweeps.removeAt(0);
        }
        return count;
    }

    boolean hasWork() {
        return !sweeps.isEmpty() || index.dues.firstDue() != SlotLists.NONE;
    }
}

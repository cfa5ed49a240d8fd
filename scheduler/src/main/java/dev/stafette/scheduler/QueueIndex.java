// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * What is queued, and where each recipient is: in a job, in a bucket of its due time, or in none.
 * Thread: queue agent.
 *
 * <p>{@link #move} is the one place where a recipient changes its status, so that it is in exactly one.
 */
final class QueueIndex {
    final MessageRecords messages = new MessageRecords();
    final RecipientRecords recipients = new RecipientRecords();
    final Reasons reasons = new Reasons(Reasons.COUNT_MAX);
    final Destinations destinations;

    /** Deferred recipients. */
    final TimerBuckets dues;

    /** Ready recipients. */
    final Jobs jobs;

    private final SlotLists dueLists = new SlotLists(recipients.slab(), RecipientRecords.LINK_OFFSET);
    private final SlotIndex ids = new SlotIndex(messages.slab(), MessageRecords.BUCKET_LINK_OFFSET, messages::queueId);

    // Owned by the queue agent.
    /** The latest time that was passed in. */
    private long nowNs;

    private final int[] counts = new int[RecipientStatus.values().length];

    QueueIndex(SchedulerSettings settings, long nowNs) {
        this.nowNs = nowNs;
        jobs = new Jobs(messages, recipients, nowNs);
        destinations = new Destinations(settings, jobs, reasons, nowNs);
        dues = new TimerBuckets(dueLists, TimerBuckets.TICK_SHIFT, nowNs);
    }

    void setNow(long newNowNs) {
        nowNs = newNowNs;
    }

    long nowNs() {
        return nowNs;
    }

    boolean reserve(int recipientCount) {
        return messages.slab().reserve(1) && recipients.slab().reserve(recipientCount) && jobs.reserve(recipientCount);
    }

    int addMessage(long queueId, long arrivalNs, boolean nullSender) {
        int message = messages.add(queueId, arrivalNs, nullSender);
        if (message != Slab.NONE) {
            ids.add(message);
        }
        return message;
    }

    /** The new recipient is held, and in no list, until it is moved. */
    int addRecipient(int message, int envelopeIndex, int destination) {
        Destination to = destinations.get(destination);
        int recipient = recipients.add(message, envelopeIndex, destination, RecipientStatus.HELD);
        if (recipient == Slab.NONE) {
            return Slab.NONE;
        }
        dueLists.init(recipient);
        int last = messages.lastRecipient(message);
        recipients.nextOfMessage(recipient, last == Slab.NONE ? recipient : recipients.nextOfMessage(last));
        if (last != Slab.NONE) {
            recipients.nextOfMessage(last, recipient);
        }
        messages.lastRecipient(message, recipient);
        messages.addOpen(message, 1);
        destinations.addOpen(to);
        counts[RecipientStatus.HELD.ordinal()]++;
        return recipient;
    }

    /** Moves a recipient; to be deferred it must have its due time. */
    void move(int recipient, RecipientStatus to) {
        RecipientStatus from = recipients.status(recipient);
        Destination destination = destinations.get(recipients.destination(recipient));
        assert from != to : "is already " + to;
        leave(recipient, from, destination);
        enter(recipient, from, to, destination);
    }

    /** Moves a recipient that waits until that time from now on, in a bucket or on hold. */
    void defer(int recipient, RecipientStatus to, long dueNs) {
        RecipientStatus from = recipients.status(recipient);
        Destination destination = destinations.get(recipients.destination(recipient));
        leave(recipient, from, destination);
        recipients.dueNs(recipient, dueNs);
        enter(recipient, from, to, destination);
    }

    private void leave(int recipient, RecipientStatus from, Destination destination) {
        assert from != RecipientStatus.DONE : "it was done";
        if (from == RecipientStatus.READY) {
            jobs.leave(destination, recipient);
        } else if (from == RecipientStatus.DEFERRED) {
            dues.remove(recipient);
        }
    }

    private void enter(int recipient, RecipientStatus from, RecipientStatus to, Destination destination) {
        count(recipient, from, to);
        switch (to) {
            case READY -> {
                jobs.append(destination, recipient, nowNs);
                destinations.offer(destination);
            }
            case DEFERRED -> dues.add(recipient, recipients.dueNs(recipient));
            case DONE -> {
                messages.addOpen(recipients.message(recipient), -1);
                destination.addOpen(-1);
            }
            case IN_FLIGHT, HELD -> {}
        }
        destinations.settle(destination);
    }

    /** Of a ready one: when it became ready. */
    long dueNs(int recipient) {
        return recipients.status(recipient) == RecipientStatus.READY
                ? jobs.readyNs(recipient)
                : recipients.dueNs(recipient);
    }

    /** Of a recipient that is in flight, and in no list. */
    void changeDestination(int recipient, int destination) {
        assert recipients.status(recipient) == RecipientStatus.IN_FLIGHT : recipients.status(recipient);
        Destination from = destinations.get(recipients.destination(recipient));
        Destination to = destinations.get(destination);
        destinations.addOpen(to);
        recipients.destination(recipient, destination);
        from.addOpen(-1);
        destinations.settle(from);
    }

    /** Back to the front of its destination's order. */
    void moveToFront(int recipient) {
        RecipientStatus from = recipients.status(recipient);
        assert from == RecipientStatus.IN_FLIGHT : from;
        Destination destination = destinations.get(recipients.destination(recipient));
        count(recipient, from, RecipientStatus.READY);
        jobs.prepend(destination, recipient, nowNs);
        destinations.offer(destination);
    }

    private void count(int recipient, RecipientStatus from, RecipientStatus to) {
        recipients.status(recipient, to);
        counts[from.ordinal()]--;
        counts[to.ordinal()]++;
        int active = (isActive(to) ? 1 : 0) - (isActive(from) ? 1 : 0);
        if (active != 0) {
            messages.addActive(recipients.message(recipient), active);
        }
    }

    private static boolean isActive(RecipientStatus status) {
        return status == RecipientStatus.READY || status == RecipientStatus.IN_FLIGHT;
    }

    /** Why the recipient was deferred last. */
    void setReason(int recipient, int acquiredReason) {
        reasons.release(recipients.reason(recipient));
        recipients.reason(recipient, acquiredReason);
    }

    /** The message is not found any more. */
    void forget(int message) {
        ids.remove(message);
    }

    /** Gives the slots of a forgotten message and of its recipients, all of them done, to others. */
    void free(int message) {
        assert messages.openCount(message) == 0 : "freed with open recipients";
        int at = firstRecipient(message);
        while (at != Slab.NONE) {
            int next = nextRecipient(at);
            reasons.release(recipients.reason(at));
            recipients.free(at);
            counts[RecipientStatus.DONE.ordinal()]--;
            at = next;
        }
        messages.free(message);
    }

    int firstRecipient(int message) {
        int last = messages.lastRecipient(message);
        return last == Slab.NONE ? Slab.NONE : recipients.nextOfMessage(last);
    }

    int nextRecipient(int recipient) {
        int last = messages.lastRecipient(recipients.message(recipient));
        return recipient == last ? Slab.NONE : recipients.nextOfMessage(recipient);
    }

    int slotOf(long queueId) {
        return ids.find(queueId);
    }

    int count(RecipientStatus status) {
        return counts[status.ordinal()];
    }

    /** Recipients that are not done. */
    int openCount() {
        return count(RecipientStatus.READY)
                + count(RecipientStatus.IN_FLIGHT)
                + count(RecipientStatus.DEFERRED)
                + count(RecipientStatus.HELD);
    }

    int messageCount() {
        return ids.size();
    }

    long sizeBytes() {
        return messages.slab().sizeBytes()
                + recipients.slab().sizeBytes()
                + jobs.sizeBytes()
                + ids.sizeBytes()
                + destinations.sizeBytes();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * Ends what is too old, wherever it waits: Postfix looks at the age after an attempt only, and what is never tried since
 * it waits for something stays for ever.
 * Thread: queue agent.
 */
final class Lifetimes {
    /** Ticks in a lifetime: a five-day lifetime needs no half seconds, and every tick costs a bucket. */
    private static final int TICKS = 1024;

    private final QueueIndex index;
    private final RetryPolicy policy;
    private final SlotLists lists;
    private final TimerBuckets buckets;

    // Owned by the queue agent: the message that is being expired, and its next recipient.
    private int expiring = Slab.NONE;
    private int expiringAt = Slab.NONE;

    Lifetimes(QueueIndex index, RetryPolicy policy, long nowNs) {
        this.index = index;
        this.policy = policy;
        this.lists = new SlotLists(index.messages.slab(), MessageRecords.EXPIRY_LINK_OFFSET);
        long tickNs = policy.lifetimeNs(false) / TICKS;
        int shift = Math.max(TimerBuckets.TICK_SHIFT, 63 - Long.numberOfLeadingZeros(tickNs | 1));
        this.buckets = new TimerBuckets(lists, shift, nowNs);
    }

    /** To be called for each new message. */
    void init(int message) {
        lists.init(message);
    }

    /**
     * Starts the message's timer. One that is too old already, since the process was down or it was held, has the time of
     * one attempt.
     */
    void arm(int message, long nowNs) {
        if (buckets.contains(message)) {
            return;
        }
        boolean nullSender = index.messages.has(message, MessageRecords.NULL_SENDER);
        long deadlineNs = index.messages.arrivalNs(message) + policy.lifetimeNs(nullSender);
        buckets.add(message, deadlineNs - nowNs > 0 ? deadlineNs : nowNs + policy.maximalBackoffNs());
    }

    void disarm(int message) {
        if (expiring == message) {
            expiring = Slab.NONE;
        }
        if (buckets.contains(message)) {
            buckets.remove(message);
        }
    }

    /** Its time is up at the next poll. */
    void expire(int message) {
        disarm(message);
        buckets.addDue(message);
    }

    /** Expires waiting recipients; returns how many were looked at. */
    int poll(long nowNs, EntrySink sink, int limit) {
        buckets.advance(nowNs);
        int count = 0;
        while (count < limit && (expiring != Slab.NONE || takeDue())) {
            int message = expiring;
            int recipient = expiringAt;
            expiringAt = index.nextRecipient(recipient);
            if (expiringAt == Slab.NONE) {
                expiring = Slab.NONE;
            }
            RecipientStatus status = index.recipients.status(recipient);
            if (status == RecipientStatus.READY || status == RecipientStatus.DEFERRED) {
                index.move(recipient, RecipientStatus.DONE);
                sink.onExpired(message, recipient);
            }
            count++;
        }
        return count;
    }

    private boolean takeDue() {
        int message = buckets.firstDue();
        while (message != SlotLists.NONE) {
            buckets.remove(message);
            expiringAt = index.firstRecipient(message);
            if (expiringAt != Slab.NONE) {
                expiring = message;
                return true;
            }
            message = buckets.firstDue();
        }
        return false;
    }

    boolean hasWork() {
        return expiring != Slab.NONE || buckets.firstDue() != SlotLists.NONE;
    }

    long nextDeadlineNs() {
        return buckets.nextDeadlineNs();
    }
}

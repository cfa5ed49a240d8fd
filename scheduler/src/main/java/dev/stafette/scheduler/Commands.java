// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * What an operator, or a journal at start, may do to what is queued: all of it stands here.
 * Thread: queue agent.
 */
public final class Commands {
    private static final int NONE = Slab.NONE;

    private final QueueIndex index;
    private final MessageRecords messages;
    private final RecipientRecords recipients;
    private final Deferrals deferrals;
    private final Lifetimes lifetimes;
    private final Attempts attempts;

    Commands(QueueIndex index, Deferrals deferrals, Lifetimes lifetimes, Attempts attempts) {
        this.index = index;
        this.messages = index.messages;
        this.recipients = index.recipients;
        this.deferrals = deferrals;
        this.lifetimes = lifetimes;
        this.attempts = attempts;
    }

    /** Nothing of the message is tried, or expires, until it is released; what is in flight goes on. */
    public void hold(int message) {
        messages.set(message, MessageRecords.HELD);
        lifetimes.disarm(message);
        for (int at = index.firstRecipient(message); at != NONE; at = index.nextRecipient(at)) {
            RecipientStatus status = recipients.status(at);
            if (status == RecipientStatus.READY || status == RecipientStatus.DEFERRED) {
                index.move(at, RecipientStatus.HELD);
            }
        }
    }

    /** Back to where it was; what has come due meanwhile is ready. */
    public void release(int message, long nowNs) {
        index.setNow(nowNs);
        messages.clear(message, MessageRecords.HELD);
        if (messages.has(message, MessageRecords.EXPIRE)) {
            lifetimes.expire(message);
        } else {
            lifetimes.arm(message, nowNs);
        }
        for (int at = index.firstRecipient(message); at != NONE; at = index.nextRecipient(at)) {
            if (recipients.status(at) == RecipientStatus.HELD) {
                boolean due = recipients.dueNs(at) - nowNs <= 0;
                index.move(at, due ? RecipientStatus.READY : RecipientStatus.DEFERRED);
            }
        }
    }

    /**
     * Forgets the message: it is not found any more, and what waits is done. With recipients in flight its slot stays valid
     * until their entries are finished; see {@link IndexView#isRemoved}.
     */
    public void remove(int message) {
        if (messages.has(message, MessageRecords.REMOVED)) {
            return;
        }
        messages.set(message, MessageRecords.REMOVED);
        lifetimes.disarm(message);
        index.forget(message);
        for (int at = index.firstRecipient(message); at != NONE; at = index.nextRecipient(at)) {
            RecipientStatus status = recipients.status(at);
            if (status != RecipientStatus.IN_FLIGHT && status != RecipientStatus.DONE) {
                index.move(at, RecipientStatus.DONE);
            }
        }
        if (messages.openCount(message) == 0) {
            index.free(message);
        }
    }

    /** Every waiting recipient expires at the next poll, one in flight when it is deferred, one that is held on release. */
    public void expire(int message) {
        messages.set(message, MessageRecords.EXPIRE);
        if (!messages.has(message, MessageRecords.HELD)) {
            lifetimes.expire(message);
        }
    }

    /** Everything that is deferred becomes ready by and by, and dead destinations come back. */
    public void flush() {
        index.destinations.wakes().advanceToEnd();
        index.jobs.wakes().advanceToEnd();
        index.dues.advanceToEnd();
    }

    /** What is deferred of the message becomes ready, and the dead destinations of those recipients come back. */
    public void flushMessage(int message) {
        for (int at = index.firstRecipient(message); at != NONE; at = index.nextRecipient(at)) {
            if (recipients.status(at) == RecipientStatus.DEFERRED) {
                attempts.wake(index.destinations.get(recipients.destination(at)));
                index.move(at, RecipientStatus.READY);
            }
        }
    }

    /** The destination comes back if it was dead, and what is deferred for it becomes ready by and by. */
    public void flushDestination(int destination) {
        attempts.wake(index.destinations.get(destination));
        deferrals.flush(destination);
    }

    /** What a journal tells of a waiting recipient that was added before. */
    public void restoreDeferred(int recipient, int attemptCount, long dueNs, String reason) {
        if (recipients.status(recipient) != RecipientStatus.HELD) {
            index.move(recipient, RecipientStatus.HELD);
        }
        recipients.attempts(recipient, attemptCount);
        recipients.dueNs(recipient, dueNs);
        index.setReason(recipient, index.reasons.acquire(reason));
        if (!messages.has(recipients.message(recipient), MessageRecords.HELD)) {
            index.move(recipient, RecipientStatus.DEFERRED);
        }
    }

    /** As {@link #restoreDeferred}: nothing more will happen to it. */
    public void restoreDone(int recipient) {
        index.move(recipient, RecipientStatus.DONE);
    }

    /** Whoever of the message is deferred from now on has expired, before or after an attempt. */
    public void tryOnce(int message) {
        messages.set(message, MessageRecords.ONCE);
    }

    /** From now on no two recipients of the message share an attempt. */
    public void tryOneByOne(int message) {
        messages.set(message, MessageRecords.ONE_BY_ONE);
    }

    /** Keeps for the caller that the sender knows of a delay. */
    public void setWarned(int message) {
        messages.set(message, MessageRecords.WARNED);
    }

    /** Its body lies elsewhere now. */
    public void relocate(int message, long bodyA, long bodyB) {
        messages.body(message, bodyA, bodyB);
    }
}

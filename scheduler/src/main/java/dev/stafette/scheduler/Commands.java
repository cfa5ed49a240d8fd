// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * What an operator, or a journal at start, may do to what is queued.
 * Thread: queue agent.
 */
final class Commands {
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

    void hold(int message) {
        messages.set(message, MessageRecords.HELD);
        lifetimes.disarm(message);
        for (int at = index.firstRecipient(message); at != NONE; at = index.nextRecipient(at)) {
            RecipientStatus status = recipients.status(at);
            if (status == RecipientStatus.READY || status == RecipientStatus.DEFERRED) {
                index.move(at, RecipientStatus.HELD);
            }
        }
    }

    void release(int message, long nowNs) {
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

    void remove(int message) {
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

    void expire(int message) {
        messages.set(message, MessageRecords.EXPIRE);
        if (!messages.has(message, MessageRecords.HELD)) {
            lifetimes.expire(message);
        }
    }

    void flush() {
        index.destinations.wakes().advanceToEnd();
        index.jobs.wakes().advanceToEnd();
        index.dues.advanceToEnd();
    }

    void flushMessage(int message) {
        for (int at = index.firstRecipient(message); at != NONE; at = index.nextRecipient(at)) {
            if (recipients.status(at) == RecipientStatus.DEFERRED) {
                attempts.wake(index.destinations.get(recipients.destination(at)));
                index.move(at, RecipientStatus.READY);
            }
        }
    }

    void flushDestination(int destination) {
        attempts.wake(index.destinations.get(destination));
        deferrals.flush(destination);
    }

    int recipientAt(int message, int envelopeIndex) {
        int first = index.firstRecipient(message);
        if (first == NONE) {
            return NONE;
        }
        // Recipients that were added in one go mostly lie in one row.
        int guess = first + envelopeIndex - recipients.envelopeIndex(first);
        if (guess >= 0
                && guess < recipients.slab().slotEnd()
                && recipients.isUsed(guess)
                && recipients.message(guess) == message
                && recipients.envelopeIndex(guess) == envelopeIndex) {
            return guess;
        }
        int at = first;
        while (at != NONE && recipients.envelopeIndex(at) != envelopeIndex) {
            at = index.nextRecipient(at);
        }
        return at;
    }

    void restoreDeferred(int recipient, int attemptCount, long dueNs, String reason) {
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
}

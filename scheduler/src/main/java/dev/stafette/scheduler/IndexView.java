// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * What the index holds, for reading: messages, recipients and destinations by their slots.
 * Thread: queue agent.
 */
public final class IndexView {
    private static final int NONE = Slab.NONE;

    private final QueueIndex index;
    private final MessageRecords messages;
    private final RecipientRecords recipients;
    private final Destinations destinations;

    IndexView(QueueIndex index) {
        this.index = index;
        this.messages = index.messages;
        this.recipients = index.recipients;
        this.destinations = index.destinations;
    }

    /** The recipient of the message at that place of its envelope, or {@link #NONE}. */
    public int recipientAt(int message, int envelopeIndex) {
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

    /** The message's slot, or {@link #NONE}. */
    public int slotOf(long queueId) {
        return index.slotOf(queueId);
    }

    /** No recipient is left that something could happen to. */
    public boolean isDone(int message) {
        return messages.openCount(message) == 0;
    }

    /** A recipient of the message is ready or in flight. */
    public boolean isActive(int message) {
        return messages.activeCount(message) > 0;
    }

    /** Its sender is the null reverse-path. */
    public boolean isNullSender(int message) {
        return messages.has(message, MessageRecords.NULL_SENDER);
    }

    public boolean isWarned(int message) {
        return messages.has(message, MessageRecords.WARNED);
    }

    public boolean isHeld(int message) {
        return messages.has(message, MessageRecords.HELD);
    }

    /** {@link Commands#expire} was called for it. */
    public boolean isExpiring(int message) {
        return messages.has(message, MessageRecords.EXPIRE);
    }

    /** Forgotten while an entry is in flight: what comes of that concerns nobody any more. */
    public boolean isRemoved(int message) {
        return messages.has(message, MessageRecords.REMOVED);
    }

    public long queueId(int message) {
        return messages.queueId(message);
    }

    public long arrivalNs(int message) {
        return messages.arrivalNs(message);
    }

    public long bodyA(int message) {
        return messages.bodyA(message);
    }

    public long bodyB(int message) {
        return messages.bodyB(message);
    }

    /** The first recipient's slot, in the order in which they were added; {@link #NONE} when there is none. */
    public int firstRecipient(int message) {
        return index.firstRecipient(message);
    }

    /** The next recipient of the same message; {@link #NONE} behind the last. */
    public int nextRecipient(int recipient) {
        return index.nextRecipient(recipient);
    }

    public RecipientStatus status(int recipient) {
        return recipients.status(recipient);
    }

    public int messageOf(int recipient) {
        return recipients.message(recipient);
    }

    public int envelopeIndexOf(int recipient) {
        return recipients.envelopeIndex(recipient);
    }

    /** Not of a recipient that is done: its destination may be forgotten. */
    public int destinationOf(int recipient) {
        return recipients.destination(recipient);
    }

    public int attempts(int recipient) {
        return recipients.attempts(recipient);
    }

    /** Of a recipient that was never deferred: when it came. */
    public long dueNs(int recipient) {
        return index.dueNs(recipient);
    }

    /** Why it was deferred last, or a text that stands for reasons that there was no room for; empty when it never was. */
    public String reasonOf(int recipient) {
        return index.reasons.text(recipients.reason(recipient));
    }

    public String transportOf(int destination) {
        return destinations.get(destination).lane.transport();
    }

    public String nextHopOf(int destination) {
        return destinations.get(destination).nextHop;
    }

    /** Of the one recipient that the destination is for; empty for all behind the next hop. */
    public String mailboxOf(int destination) {
        return destinations.get(destination).mailbox();
    }

    /** Attempts that may be in flight; 0 when the destination is dead. */
    public int window(int destination) {
        return destinations.get(destination).window.window();
    }

    /** Attempts handed out, those included that wait in the transport. */
    public int inFlightCount(int destination) {
        ConcurrencyWindow window = destinations.get(destination).window;
        return window.busy() + window.ahead();
    }

    public int readyCount(int destination) {
        return destinations.get(destination).readyCount();
    }

    /** What the destination waits for, if something is ready or not; null when it can go. */
    public @Nullable BlockedBy blockedBy(int destination) {
        return destinations.get(destination).blockedBy();
    }

    /** What a ready recipient waits for: its message, or its destination; null when it can go. */
    public @Nullable BlockedBy blockedByOf(int recipient) {
        BlockedBy own = index.jobs.blockedBy(recipient);
        return own != null ? own : blockedBy(recipients.destination(recipient));
    }

    /** Recipients of that status. */
    public int count(RecipientStatus status) {
        return index.count(status);
    }

    public int messageCount() {
        return index.messageCount();
    }

    public int destinationCount() {
        return destinations.count();
    }

    /**
     * Shows the messages whose slots are next from the cursor on, which is 0 at first; looks at {@code limit} slots at most
     * and returns the next cursor, {@link #NONE} at the end. Between calls anything may happen: what is there all the time is
     * shown once.
     */
    public int walkMessages(int cursor, int limit, SlotVisitor visitor) {
        int end = (int) Math.min(messages.slab().slotEnd(), (long) cursor + limit);
        for (int message = cursor; message < end; message++) {
            if (messages.has(message, MessageRecords.IN_USE) && !messages.has(message, MessageRecords.REMOVED)) {
                visitor.onSlot(message);
            }
        }
        return end >= messages.slab().slotEnd() ? NONE : end;
    }

    /** As {@link #walkMessages}. */
    public int walkDestinations(int cursor, int limit, SlotVisitor visitor) {
        int end = (int) Math.min(destinations.idEnd(), (long) cursor + limit);
        for (int id = cursor; id < end; id++) {
            if (destinations.find(id) != null) {
                visitor.onSlot(id);
            }
        }
        return end >= destinations.idEnd() ? NONE : end;
    }

    /** Bytes of the index outside the heap. */
    public long indexBytes() {
        return index.sizeBytes();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The attempt that would be made next, for {@link EntryGate} to decide on: a message is chosen, and nothing is taken yet.
 * Thread: queue agent; it holds until the call that it was given to has returned.
 *
 * <p>What the message's slot leads to is known here as well: size, sender, tenant and source address are for those to look
 * up who have them.
 */
public final class Candidate {
    // Owned by the queue agent.
    private int destination;
    private int job;
    private int message;
    private long queueId;
    private int recipientCount;
    private @Nullable Site admittedTo;

    void set(int newDestination, int newJob, int newMessage, long newQueueId, int newRecipientCount) {
        destination = newDestination;
        job = newJob;
        message = newMessage;
        queueId = newQueueId;
        recipientCount = newRecipientCount;
        admittedTo = null;
    }

    /** It has a place there. */
    void enter(Site site) {
        admittedTo = site;
    }

    @Nullable
    Site admittedTo() {
        return admittedTo;
    }

    public int destination() {
        return destination;
    }

    /** The message's ready recipients for the destination, by the id that {@link Scheduler#wakeJob} takes. */
    public int job() {
        return job;
    }

    /** The message's slot. */
    public int message() {
        return message;
    }

    public long queueId() {
        return queueId;
    }

    /** How many recipients the attempt has. */
    public int recipientCount() {
        return recipientCount;
    }
}

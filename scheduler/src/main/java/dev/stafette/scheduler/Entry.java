// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * One attempt: some recipients of one message for one destination, with a place in the destination's window.
 * Thread: queue agent; others may read it.
 *
 * <p>Whoever gets it settles each recipient and then finishes the entry, or gives back what is not settled.
 */
public final class Entry {
    private final long queueId;
    private final int message;
    private final int destination;
    private final int[] recipients;
    private final int[] envelopeIndexes;
    private final @Nullable Site admittedTo;

    // Owned by the queue agent.
    private final boolean[] settled;

    private int unsettledCount;

    Entry(
            long queueId,
            int message,
            int destination,
            int[] recipients,
            int[] envelopeIndexes,
            @Nullable Site admittedTo) {
        this.queueId = queueId;
        this.message = message;
        this.destination = destination;
        this.recipients = recipients;
        this.envelopeIndexes = envelopeIndexes;
        this.admittedTo = admittedTo;
        this.settled = new boolean[recipients.length];
        this.unsettledCount = recipients.length;
    }

    public long queueId() {
        return queueId;
    }

    /** The message's slot. */
    public int message() {
        return message;
    }

    public int destination() {
        return destination;
    }

    /**
     * The one site that it may go to, since it has a place there; empty when the site has to be found out first, and null
     * when it may go wherever its destination leads.
     */
    public @Nullable String site() {
        return admittedTo == null ? null : admittedTo.name;
    }

    @Nullable
    Site admittedTo() {
        return admittedTo;
    }

    public int size() {
        return recipients.length;
    }

    /** The slot of the i-th recipient. */
    public int recipient(int i) {
        return recipients[i];
    }

    public int envelopeIndex(int i) {
        return envelopeIndexes[i];
    }

    /** The places of all its recipients in the envelope; not to be changed. */
    public int[] envelopeIndexes() {
        return envelopeIndexes;
    }

    int unsettledCount() {
        return unsettledCount;
    }

    boolean isSettled(int i) {
        return settled[i];
    }

    void onSettled(int i) {
        settled[i] = true;
        unsettledCount--;
    }
}

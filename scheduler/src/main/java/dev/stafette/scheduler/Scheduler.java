// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Decides which recipient is tried when.
 * Thread: queue agent. Time is passed in, so that a run can be replayed from its events.
 */
public final class Scheduler {
    /** No slot: of an index that is full, or behind the last one. */
    public static final int NONE = -1;

    /** Instead of a due time: the recipient's time is up. */
    public static final long EXPIRED = Long.MIN_VALUE;

    /** What a recipient's reason begins with that was not tried since its destination is dead. */
    public static final String SUSPENDED = "delivery temporarily suspended: ";

    public Scheduler(SchedulerSettings settings, long seed, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public Scheduler(SchedulerSettings settings, EntryGate gate, long seed, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** New settings from now on; what waits keeps its due time. */
    public void reload(SchedulerSettings settings) {
        throw new UnsupportedOperationException();
    }

    // ---- what comes in

    /** False when intake should refuse a message of so many recipients. What has been accepted can be added all the same. */
    public boolean hasRoom(int recipientCount) {
        throw new UnsupportedOperationException();
    }

    /** The id of transport × next hop, valid until the next poll, and as long as a recipient refers to it. */
    public int destination(String transport, String nextHop) {
        throw new UnsupportedOperationException();
    }

    /** A destination of its own for one mailbox behind the next hop. */
    public int destination(String transport, String nextHop, String mailbox) {
        throw new UnsupportedOperationException();
    }

    /** Returns the message's slot, or {@link #NONE} when memory has run out. */
    public int addMessage(long queueId, long arrivalNs, boolean nullSender, long bodyA, long bodyB) {
        throw new UnsupportedOperationException();
    }

    /** A recipient to be tried at once; {@link #NONE} when memory has run out. Recipients are added in envelope order. */
    public int addReady(int message, int envelopeIndex, int destination) {
        throw new UnsupportedOperationException();
    }

    /** A recipient that was tried before and waits until {@code dueNs}, which may have passed. */
    public int addDeferred(int message, int envelopeIndex, int destination, int attempts, long dueNs, String reason) {
        throw new UnsupportedOperationException();
    }

    // ---- attempts

    /** Timers and attempts, at most {@code limit} of each kind; returns how many there were. */
    public int poll(long nowNs, EntrySink sink, int limit) {
        throw new UnsupportedOperationException();
    }

    /** When {@link #poll} may have something to do again: {@code Long.MIN_VALUE} is now, {@code Long.MAX_VALUE} only after an event. */
    public long nextDeadlineNs() {
        throw new UnsupportedOperationException();
    }

    public void settleDelivered(Entry entry, int i) {
        throw new UnsupportedOperationException();
    }

    public void settleFailed(Entry entry, int i) {
        throw new UnsupportedOperationException();
    }

    /** Returns when it is due again, or {@link #EXPIRED}: then it is done, and has failed. */
    public long settleDeferred(Entry entry, int i, long nowNs, String reason) {
        throw new UnsupportedOperationException();
    }

    /** All recipients are settled. {@code siteFailure} is why the site is unwell, if the attempt showed that. */
    public void finish(Entry entry, @Nullable String siteFailure, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** Instead of settling and finishing: nothing was attempted, and nothing was learned about the site. */
    public void giveBack(Entry entry, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** A limit of the gate has room again for this destination. */
    public void wake(int destination) {
        throw new UnsupportedOperationException();
    }

    // ---- commands

    /** Nothing of the message is tried, or expires, until it is released; what is in flight goes on. */
    public void hold(int message) {
        throw new UnsupportedOperationException();
    }

    public void release(int message, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** Forgets the message. With entries in flight the slot stays valid until the last one is finished. */
    public void remove(int message) {
        throw new UnsupportedOperationException();
    }

    /** Every waiting recipient of the message expires at the next poll; one in flight does when it is deferred. */
    public void expire(int message) {
        throw new UnsupportedOperationException();
    }

    /** Everything that is deferred becomes ready, and dead destinations are tried. */
    public void flush() {
        throw new UnsupportedOperationException();
    }

    public void flushMessage(int message) {
        throw new UnsupportedOperationException();
    }

    public void flushDestination(int destination) {
        throw new UnsupportedOperationException();
    }

    // ---- messages

    /** The message's slot, or {@link #NONE}. */
    public int slotOf(long queueId) {
        throw new UnsupportedOperationException();
    }

    /** All recipients are done. */
    public boolean isDone(int message) {
        throw new UnsupportedOperationException();
    }

    /** A recipient of the message is ready. */
    public boolean hasReady(int message) {
        throw new UnsupportedOperationException();
    }

    /** A recipient of the message is in flight. */
    public boolean hasInFlight(int message) {
        throw new UnsupportedOperationException();
    }

    public boolean isHeld(int message) {
        throw new UnsupportedOperationException();
    }

    public long queueId(int message) {
        throw new UnsupportedOperationException();
    }

    public long arrivalNs(int message) {
        throw new UnsupportedOperationException();
    }

    public long bodyA(int message) {
        throw new UnsupportedOperationException();
    }

    public long bodyB(int message) {
        throw new UnsupportedOperationException();
    }

    /** Its body lies elsewhere now. */
    public void relocate(int message, long bodyA, long bodyB) {
        throw new UnsupportedOperationException();
    }

    /** The first recipient's slot; {@link #NONE} when there is none. */
    public int firstRecipient(int message) {
        throw new UnsupportedOperationException();
    }

    /** The next recipient of the same message; {@link #NONE} behind the last. */
    public int nextRecipient(int recipient) {
        throw new UnsupportedOperationException();
    }

    // ---- recipients

    public RecipientStatus status(int recipient) {
        throw new UnsupportedOperationException();
    }

    public int messageOf(int recipient) {
        throw new UnsupportedOperationException();
    }

    public int envelopeIndexOf(int recipient) {
        throw new UnsupportedOperationException();
    }

    public int destinationOf(int recipient) {
        throw new UnsupportedOperationException();
    }

    public int attempts(int recipient) {
        throw new UnsupportedOperationException();
    }

    public long dueNs(int recipient) {
        throw new UnsupportedOperationException();
    }

    /** Why it was deferred last; empty when it never was. */
    public String reasonOf(int recipient) {
        throw new UnsupportedOperationException();
    }

    // ---- destinations

    public String transportOf(int destination) {
        throw new UnsupportedOperationException();
    }

    public String nextHopOf(int destination) {
        throw new UnsupportedOperationException();
    }

    /** Attempts that may be in flight; 0 when the destination is dead. */
    public int window(int destination) {
        throw new UnsupportedOperationException();
    }

    public int inFlightCount(int destination) {
        throw new UnsupportedOperationException();
    }

    public int readyCount(int destination) {
        throw new UnsupportedOperationException();
    }

    /** What its ready recipients wait for; null when they can go. */
    public @Nullable BlockedBy blockedBy(int destination) {
        throw new UnsupportedOperationException();
    }

    // ---- counts and walks

    /** Recipients of that status. */
    public int count(RecipientStatus status) {
        throw new UnsupportedOperationException();
    }

    public int messageCount() {
        throw new UnsupportedOperationException();
    }

    public int destinationCount() {
        throw new UnsupportedOperationException();
    }

    /** Visits messages from the cursor on, 0 at first; returns the next cursor, {@link #NONE} at the end. */
    public int walkMessages(int cursor, int limit, SlotVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    public int walkDestinations(int cursor, int limit, SlotVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Bytes of the index outside the heap. */
    public long indexBytes() {
        throw new UnsupportedOperationException();
    }
}

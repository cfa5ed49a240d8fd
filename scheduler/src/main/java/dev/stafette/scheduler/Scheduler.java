// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Decides which recipient is tried when.
 * Thread: queue agent. Time is passed in, so that a run can be replayed from its events; it may not go backwards.
 *
 * <p>Messages, recipients and destinations are known by slots: ints that stay the same as long as the thing is there and
 * name something else afterwards. The index keeps a message until {@link #remove}, with recipients that are done.
 */
public final class Scheduler {
    /** No slot: of an index that is full, or behind the last one. */
    public static final int NONE = Slab.NONE;

    /** Instead of a due time: the recipient's time is up. */
    public static final long EXPIRED = Long.MIN_VALUE;

    /** Instead of a due time: the message was removed while the attempt went on. */
    public static final long REMOVED = Long.MAX_VALUE;

    /** What a recipient's reason begins with that was not tried since its destination is dead. */
    public static final String SUSPENDED = "delivery temporarily suspended: ";

    private final QueueIndex index;
    private final MessageRecords messages;
    private final RecipientRecords recipients;
    private final Destinations destinations;
    private final RetryPolicy policy;
    private final Deferrals deferrals;
    private final Lifetimes lifetimes;
    private final Attempts attempts;
    private final Commands commands;

    // Owned by the queue agent.
    private SchedulerSettings settings;

    public Scheduler(SchedulerSettings settings, long seed, long nowNs) {
        this(settings, null, seed, nowNs);
    }

    /**
     * @param gate instead of the limits that the settings have above destinations
     * @param seed of the chance in waiting times
     */
    public Scheduler(SchedulerSettings settings, @Nullable EntryGate gate, long seed, long nowNs) {
        this.settings = settings;
        this.index = new QueueIndex(settings, nowNs);
        this.messages = index.messages;
        this.recipients = index.recipients;
        this.destinations = index.destinations;
        this.policy = new RetryPolicy(settings, seed);
        this.deferrals = new Deferrals(index, policy);
        this.lifetimes = new Lifetimes(index, policy, nowNs);
        EntryGate limits = gate == null ? destinations.sites() : gate;
        this.attempts = new Attempts(index, deferrals, lifetimes, limits, settings);
        this.commands = new Commands(index, deferrals, lifetimes, attempts);
    }

    /** New settings from now on; what waits keeps its times. */
    public void reload(SchedulerSettings newSettings) {
        settings = newSettings;
        policy.reload(newSettings);
        destinations.reload(newSettings);
        attempts.reload(newSettings);
    }

    /** False when intake should refuse a message of so many recipients. What was accepted can be added all the same. */
    public boolean hasRoom(int recipientCount) {
        return (long) index.openCount() + recipientCount <= settings.recipientCountMax()
                && index.reserve(recipientCount);
    }

    /**
     * Returns the id of transport × next hop, which is valid until the next poll and as long as a recipient refers to it;
     * {@link #NONE} when memory has run out.
     */
    public int destination(String transport, String nextHop) {
        return destinations.intern(transport, nextHop, "");
    }

    /**
     * A destination of its own for one mailbox behind the next hop. Where a transport's recipient limit is 1, Postfix has
     * such a one for each recipient (with the local part less its extension), so that the concurrency limit holds for the
     * mailbox and not for the next hop. The caller decides; the scheduler knows no addresses.
     */
    public int destination(String transport, String nextHop, String mailbox) {
        return destinations.intern(transport, nextHop, mailbox);
    }

    /**
     * Returns the message's slot, or {@link #NONE} when memory has run out. {@code bodyA} and {@code bodyB} are kept for the
     * caller.
     */
    public int addMessage(long queueId, long arrivalNs, boolean nullSender, long bodyA, long bodyB) {
        int message = index.addMessage(queueId, arrivalNs, nullSender);
        if (message != NONE) {
            messages.body(message, bodyA, bodyB);
            lifetimes.init(message);
            lifetimes.arm(message, index.nowNs());
        }
        return message;
    }

    /** A recipient to be tried at once; {@link #NONE} when memory has run out. */
    public int addReady(int message, int envelopeIndex, int destination) {
        int recipient = index.addRecipient(message, envelopeIndex, destination);
        if (recipient != NONE) {
            recipients.dueNs(recipient, index.nowNs());
            enter(recipient, RecipientStatus.READY);
        }
        return recipient;
    }

    /** A recipient that waits until {@code dueNs}, which may have passed; as it was before a restart. */
    public int addDeferred(
            int message, int envelopeIndex, int destination, int attemptCount, long dueNs, String reason) {
        int recipient = index.addRecipient(message, envelopeIndex, destination);
        if (recipient != NONE) {
            recipients.attempts(recipient, attemptCount);
            recipients.dueNs(recipient, dueNs);
            index.setReason(recipient, index.reasons.acquire(reason));
            enter(recipient, RecipientStatus.DEFERRED);
        }
        return recipient;
    }

    private void enter(int recipient, RecipientStatus status) {
        if (!messages.has(recipients.message(recipient), MessageRecords.HELD)) {
            index.move(recipient, status);
        }
    }

    /** The recipient of the message at that place of its envelope, or {@link #NONE}. */
    public int recipientAt(int message, int envelopeIndex) {
        return commands.recipientAt(message, envelopeIndex);
    }

    /** What a journal tells of a waiting recipient that was added before. */
    public void restoreDeferred(int recipient, int attemptCount, long dueNs, String reason) {
        commands.restoreDeferred(recipient, attemptCount, dueNs, reason);
    }

    /** As {@link #restoreDeferred}: nothing more will happen to it. */
    public void restoreDone(int recipient) {
        index.move(recipient, RecipientStatus.DONE);
    }

    /**
     * Does what time has brought and hands out attempts, at most {@code limit} of each kind of work; returns how much there
     * was. The order matters: a destination is revived before its recipients come, and what is too old is not tried.
     */
    public int poll(long nowNs, EntrySink sink, int limit) {
        index.setNow(nowNs);
        destinations.dropFresh();
        int work = attempts.pollWakes(nowNs, limit);
        if (work < limit) {
            work += deferrals.pollDue(nowNs, limit);
        }
        return work
                + deferrals.pollSweep(limit)
                + lifetimes.poll(nowNs, sink, limit)
                + deferrals.pollSuspended(nowNs, sink, limit)
                + attempts.poll(nowNs, sink, limit);
    }

    /**
     * When {@link #poll} may have something to do without another event: a time that has passed when it has at once,
     * {@code Long.MAX_VALUE} when nothing waits for a time.
     */
    public long nextDeadlineNs() {
        if (destinations.hasWork() || deferrals.hasWork() || lifetimes.hasWork()) {
            return index.nowNs();
        }
        long waiting = Math.min(
                destinations.wakes().nextDeadlineNs(), index.jobs.wakes().nextDeadlineNs());
        return Math.min(waiting, Math.min(index.dues.nextDeadlineNs(), lifetimes.nextDeadlineNs()));
    }

    /** Nothing more is to be tried for it: it was delivered, or it has failed for good. */
    public void settleDone(Entry entry, int i) {
        attempts.settleDone(entry, i);
    }

    /**
     * The attempt was in vain. Returns when the recipient is due again; {@link #EXPIRED}: it is done, and has failed;
     * {@link #REMOVED}: nothing follows.
     */
    public long settleDeferred(Entry entry, int i, long nowNs, String reason) {
        index.setNow(nowNs);
        return attempts.settleDeferred(entry, i, nowNs, reason);
    }

    /**
     * All recipients are settled. A site failure takes from the destination's window and can make it dead; anything else,
     * whatever became of the recipients, counts for it.
     *
     * @param siteFailure why the site is unwell; null when the attempt did not show that
     */
    public void finish(Entry entry, @Nullable String siteFailure, long nowNs) {
        index.setNow(nowNs);
        attempts.finish(entry, siteFailure, nowNs);
    }

    /**
     * Before the entry is finished or given back: what the transport says of the site that its destination leads to.
     *
     * @param site its name, the same for all destinations that share the hosts; empty when nothing is known
     */
    public void learnSite(Entry entry, String site) {
        destinations.sites().learn(destinations.get(entry.destination()), site);
    }

    /** Before the entry is given back: the recipient is ready for another destination. */
    public void settleMoved(Entry entry, int i, int destination, long nowNs) {
        index.setNow(nowNs);
        attempts.settleMoved(entry, i, destination, nowNs);
    }

    /**
     * Instead of finishing: nothing was attempted, and nothing is learned of the destination. Recipients that are not
     * settled are the next to be tried again.
     */
    public void giveBack(Entry entry, long nowNs) {
        index.setNow(nowNs);
        attempts.giveBack(entry, nowNs);
    }

    /** The gate has room for this destination before the time that it gave. */
    public void wake(int destination) {
        Destination found = destinations.find(destination);
        if (found != null && !found.window.isDead()) {
            attempts.wake(found);
        }
    }

    /** The gate has room for this job before the time that it gave. False: nobody waits for it any more. */
    public boolean wakeJob(int job) {
        return attempts.wakeJob(job);
    }

    /** Nothing of the message is tried, or expires, until it is released; what is in flight goes on. */
    public void hold(int message) {
        commands.hold(message);
    }

    /** Back to where it was; what has come due meanwhile is ready. */
    public void release(int message, long nowNs) {
        index.setNow(nowNs);
        commands.release(message, nowNs);
    }

    /**
     * Forgets the message: it is not found any more, and what waits is done. With recipients in flight its slot stays valid
     * until their entries are finished; see {@link #isRemoved}.
     */
    public void remove(int message) {
        commands.remove(message);
    }

    /** Every waiting recipient expires at the next poll, one in flight when it is deferred, one that is held on release. */
    public void expire(int message) {
        commands.expire(message);
    }

    /** Whoever of the message is deferred from now on has expired, before or after an attempt. */
    public void tryOnce(int message) {
        messages.set(message, MessageRecords.ONCE);
    }

    /** From now on no two recipients of the message share an attempt. */
    public void tryOneByOne(int message) {
        messages.set(message, MessageRecords.ONE_BY_ONE);
    }

    /** Everything that is deferred becomes ready by and by, and dead destinations come back. */
    public void flush() {
        commands.flush();
    }

    /** What is deferred of the message becomes ready, and the dead destinations of those recipients come back. */
    public void flushMessage(int message) {
        commands.flushMessage(message);
    }

    /** The destination comes back if it was dead, and what is deferred for it becomes ready by and by. */
    public void flushDestination(int destination) {
        commands.flushDestination(destination);
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

    /** Keeps for the caller that the sender knows of a delay. */
    public void setWarned(int message) {
        messages.set(message, MessageRecords.WARNED);
    }

    public boolean isWarned(int message) {
        return messages.has(message, MessageRecords.WARNED);
    }

    public boolean isHeld(int message) {
        return messages.has(message, MessageRecords.HELD);
    }

    /** {@link #expire} was called for it. */
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

    /** Its body lies elsewhere now. */
    public void relocate(int message, long bodyA, long bodyB) {
        messages.body(message, bodyA, bodyB);
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

    /** What polls have cost so far, in turns. */
    long stepCount() {
        return attempts.stepCount();
    }
}

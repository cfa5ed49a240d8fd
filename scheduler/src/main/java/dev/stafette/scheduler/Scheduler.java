// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Decides which recipient is tried when.
 * Thread: queue agent. Time is passed in, so that a run can be replayed from its events; it may not go backwards.
 *
 * <p>Messages, recipients and destinations are known by slots: ints that stay the same as long as the thing is there and
 * name something else afterwards. The index keeps a message until {@link Commands#remove}, with recipients that are done.
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
    private final IndexView view;

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
        this.view = new IndexView(index);
    }

    /** New settings from now on; what waits keeps its times. */
    public void reload(SchedulerSettings newSettings) {
        settings = newSettings;
        policy.reload(newSettings);
        destinations.reload(newSettings);
        attempts.reload(newSettings);
    }

    /** What may be done to what is queued, beside trying it. */
    public Commands commands() {
        return commands;
    }

    /** What is queued, for reading. */
    public IndexView view() {
        return view;
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
        long waiting =
                Math.min(destinations.nextDeadlineNs(), index.jobs.wakes().nextDeadlineNs());
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

    /** What polls have cost so far, in turns. */
    long stepCount() {
        return attempts.stepCount();
    }
}

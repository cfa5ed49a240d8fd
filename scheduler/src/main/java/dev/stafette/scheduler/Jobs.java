// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The recipients that are ready, in jobs: those of one message for one destination, which form entries. Each destination
 * has its jobs in the order in which they go: as they came, but for small ones that have overtaken a large one.
 * Thread: queue agent.
 *
 * <p>Postfix's job is a message in a transport, since what its jobs compete for is the transport's processes. Here
 * destinations take turns, and jobs compete for the window of one: what Postfix calls a peer.
 *
 * <p>A job that has begun is closed: who of its message becomes ready later is a job of its own behind the others, so that
 * a message whose recipients are deferred and come back does not go on for ever. One recipient is in one job, and a job in
 * one place: the order of its destination, or set aside since a limit has no room for it.
 */
final class Jobs {
    private static final int NONE = Slab.NONE;

    /** Jobs that an event enters by their sizes. */
    private static final int OFFERS_MAX = 64;

    private final MessageRecords messages;
    private final RecipientRecords recipients;
    private final JobRecords records = new JobRecords();
    private final SlotLists order = new SlotLists(records.slab(), JobRecords.ORDER_LINK_OFFSET);
    private final SlotLists bySize = new SlotLists(records.slab(), JobRecords.SIZE_LINK_OFFSET);
    private final TimerBuckets wakes;

    // Owned by the queue agent. What the jobs that are set aside wait for.
    private final Int2ObjectHashMap<BlockedBy> aside = new Int2ObjectHashMap<>();

    /** Jobs that may be joined from elsewhere than the end of the order; made for the first of them. */
    private @Nullable SlotIndex open;

    Jobs(MessageRecords messages, RecipientRecords recipients, long nowNs) {
        this.messages = messages;
        this.recipients = recipients;
        SlotLists asideLists = new SlotLists(records.slab(), JobRecords.ORDER_LINK_OFFSET);
        this.wakes = new TimerBuckets(asideLists, TimerBuckets.TICK_SHIFT, nowNs);
    }

    /** For a destination's order of jobs. */
    int createOrder() {
        return order.create();
    }

    void dispose(Destination destination) {
        order.dispose(destination.order);
        if (destination.candidates != null) {
            destination.candidates.dispose();
        }
    }

    /** Makes room for jobs of so many new recipients; false when memory has run out. */
    boolean reserve(int recipientCount) {
        return records.slab().reserve(recipientCount);
    }

    // Recipients. ----------------------------------------------------------------------------------------------------

    /** Enters a recipient that has become ready: into the open job of its message, or into a new one behind the others. */
    void append(Destination destination, int recipient, long nowNs) {
        int message = recipients.message(recipient);
        int job = openJob(destination, message);
        if (job == NONE) {
            job = create(destination, message, nowNs);
            order.append(destination.order, job);
            open(job);
            join(destination, job, recipient);
            if (destination.largeCount > 0) {
                offerToOvertake(destination);
            }
        } else {
            open(job);
            join(destination, job, recipient);
            resize(destination, job);
        }
    }

    /** Enters a recipient that was not tried after all: the next that goes. */
    void prepend(Destination destination, int recipient, long nowNs) {
        int message = recipients.message(recipient);
        int job = order.first(destination.order);
        if (job == NONE || records.message(job) != message) {
            job = create(destination, message, nowNs);
            order.prepend(destination.order, job);
        }
        join(destination, job, recipient);
        records.first(job, recipient);
    }

    private int openJob(Destination destination, int message) {
        int last = order.last(destination.order);
        if (last != NONE && records.message(last) == message && !records.has(last, JobRecords.BEGUN)) {
            return last;
        }
        return open == null || messages.openCount(message) == 1
                ? NONE
                : open.find(JobRecords.key(message, destination.id));
    }

    /** The only recipient of its message waits for no others. */
    private void open(int job) {
        if (messages.openCount(records.message(job)) > 1 && !records.has(job, JobRecords.REGISTERED)) {
            if (open == null) {
                open = new SlotIndex(records.slab(), JobRecords.BUCKET_LINK_OFFSET, records::key);
            }
            open.add(job);
            records.set(job, JobRecords.REGISTERED);
        }
    }

    /**
     * Enters those that have not been by their sizes, in their order: while there is somebody to overtake, and so many at a time
     * that it costs no more with a longer queue.
     */
    private void offerToOvertake(Destination destination) {
        Candidates candidates = destination.candidates;
        if (candidates == null) {
            candidates = new Candidates(destination, bySize, this, records);
            destination.candidates = candidates;
        }
        int job = destination.offeredTo == NONE ? order.first(destination.order) : order.next(destination.offeredTo);
        for (int i = 0; i < OFFERS_MAX && job != NONE; i++) {
            if (!records.has(job, JobRecords.BEGUN) && records.size(job) == JobRecords.NO_SIZE) {
                candidates.add(job, Candidates.sizeOf(entries(destination, job)));
            }
            destination.offeredTo = job;
            job = order.next(job);
        }
    }

    private void unlink(Destination destination, int job) {
        if (destination.offeredTo == job) {
            destination.offeredTo = order.previous(job);
        }
        order.unlink(job);
    }

    /** One that grows goes behind those that have its new size; one that shrinks stays where it is found. */
    private void resize(Destination destination, int job) {
        int before = records.size(job);
        if (before == JobRecords.NO_SIZE || destination.candidates == null) {
            return;
        }
        int size = Candidates.sizeOf(entries(destination, job));
        if (size > before) {
            destination.candidates.remove(job);
            destination.candidates.add(job, size);
        }
    }

    private int create(Destination destination, int message, long nowNs) {
        int job = records.add(message, destination.id, nowNs);
        if (job == NONE) {
            throw new IllegalStateException("no memory for the jobs of the queue");
        }
        order.init(job);
        bySize.init(job);
        return job;
    }

    private void join(Destination destination, int job, int recipient) {
        int first = records.first(job);
        if (first == NONE) {
            records.first(job, recipient);
            recipients.previous(recipient, recipient);
            recipients.next(recipient, recipient);
        } else {
            int last = recipients.previous(first);
            recipients.previous(recipient, last);
            recipients.next(recipient, first);
            recipients.next(last, recipient);
            recipients.previous(first, recipient);
        }
        recipients.job(recipient, job);
        records.addReady(job, 1);
        if (!records.has(job, JobRecords.LARGE) && isLarge(destination, job)) {
            records.set(job, JobRecords.LARGE);
            destination.largeCount++;
        }
        destination.addReady(1, records.has(job, JobRecords.ASIDE));
    }

    private boolean isLarge(Destination destination, int job) {
        DeliverySlots slots = destination.lane.settings().slots();
        return slots.isOn() && records.ready(job) > (slots.largeEntriesMin() - 1) * entryMax(destination, job);
    }

    /** Takes a recipient out, which has the job's time for its own now. */
    void leave(Destination destination, int recipient) {
        int job = recipients.job(recipient);
        int next = recipients.next(recipient);
        int previous = recipients.previous(recipient);
        recipients.next(previous, next);
        recipients.previous(next, previous);
        if (records.first(job) == recipient) {
            records.first(job, next);
        }
        recipients.previous(recipient, NONE);
        recipients.next(recipient, NONE);
        recipients.dueNs(recipient, records.bornNs(job));
        records.addReady(job, -1);
        destination.addReady(-1, records.has(job, JobRecords.ASIDE));
        if (next == recipient) {
            end(destination, job);
        }
    }

    /** When it became ready. */
    long readyNs(int recipient) {
        return records.bornNs(recipients.job(recipient));
    }

    // Jobs. ----------------------------------------------------------------------------------------------------------

    /** Entries that its recipients still make. */
    int entries(Destination destination, int job) {
        int ready = records.ready(job);
        int limit = entryMax(destination, job);
        return ready / limit + (ready % limit == 0 ? 0 : 1);
    }

    /** Recipients of one entry at most. */
    private int entryMax(Destination destination, int job) {
        boolean oneByOne = messages.has(records.message(job), MessageRecords.ONE_BY_ONE);
        return oneByOne ? 1 : destination.lane.recipientLimit();
    }

    int message(int job) {
        return records.message(job);
    }

    /** Recipients that its next entry has. */
    int entrySize(Destination destination, int job) {
        return Math.min(records.ready(job), entryMax(destination, job));
    }

    /** The first recipient of what is in the order; there is one. */
    int firstRecipient(Destination destination) {
        return firstOf(order.first(destination.order));
    }

    int firstOf(int job) {
        return records.first(job);
    }

    /** The job whose turn it is: the first of the order, or the one that overtakes it now. There is one. */
    int next(Destination destination, long nowNs) {
        int first = order.first(destination.order);
        if (destination.largeCount == 0) {
            return first;
        }
        if (destination.offeredTo != order.last(destination.order)) {
            offerToOvertake(destination);
        }
        Candidates candidates = destination.candidates;
        if (candidates == null || !records.has(first, JobRecords.BEGUN)) {
            return first;
        }
        int job = overtaker(destination, first, candidates, nowNs);
        if (job == NONE) {
            return first;
        }
        int need = entries(destination, job);
        records.pay(first, need * destination.lane.settings().slots().cost());
        records.need(job, need);
        close(destination, job);
        unlink(destination, job);
        order.prepend(destination.order, job);
        return job;
    }

    /** By the rules of Postfix's queue manager, all of them. */
    private int overtaker(Destination destination, int first, Candidates candidates, long nowNs) {
        DeliverySlots slots = destination.lane.settings().slots();
        int available = records.slotsAvailable(first);
        if (!slots.isOn() || available <= 0) {
            return NONE;
        }
        int left = entries(destination, first);
        if (records.taken(first) + left < slots.largeEntriesMin()) {
            return NONE;
        }
        // What the job can ever give: no candidate may need more.
        int job = candidates.best((left + available) / slots.cost(), nowNs);
        return job != NONE && slots.suffice(available, entries(destination, job)) ? job : NONE;
    }

    /** An entry of the job is handed out. */
    void onTaken(Destination destination, int job) {
        if (!records.has(job, JobRecords.BEGUN)) {
            close(destination, job);
            records.set(job, JobRecords.BEGUN);
        }
        records.addTaken(job);
    }

    /** It is not to be joined any more, and does not overtake. */
    private void close(Destination destination, int job) {
        if (open != null && records.has(job, JobRecords.REGISTERED)) {
            records.clear(job, JobRecords.REGISTERED);
            open.remove(job);
        }
        stopOvertaking(destination, job);
    }

    private void stopOvertaking(Destination destination, int job) {
        if (destination.candidates != null && records.size(job) != JobRecords.NO_SIZE) {
            destination.candidates.remove(job);
        }
    }

    /** Nothing of it is ready any more. */
    private void end(Destination destination, int job) {
        close(destination, job);
        if (records.has(job, JobRecords.ASIDE)) {
            stopWaiting(job);
        } else {
            settle(destination, job);
            unlink(destination, job);
        }
        if (records.has(job, JobRecords.LARGE)) {
            destination.largeCount--;
        }
        records.free(job);
    }

    /** The neighbours of a job that leaves the order: the one that it overtook gets back what was not needed. */
    private void settle(Destination destination, int job) {
        int need = records.need(job);
        int behind = order.next(job);
        if (need > 0 && behind != NONE) {
            int unused = need - records.taken(job);
            records.pay(behind, -unused * destination.lane.settings().slots().cost());
        }
        int ahead = order.previous(job);
        if (ahead != NONE) {
            // Whom it overtook is gone: it owes nothing to whoever is behind it now.
            records.need(ahead, 0);
        }
    }

    // Set aside. -----------------------------------------------------------------------------------------------------

    /** A limit has no room for this job, whose turn it is, and the others of the destination need not wait for it. */
    void setAside(Destination destination, int job, BlockedBy by) {
        stopOvertaking(destination, job);
        records.need(job, 0);
        unlink(destination, job);
        records.set(job, JobRecords.ASIDE);
        destination.setAside(records.ready(job));
        aside.put(job, by);
        if (by.untilNs() != BlockedBy.UNTIL_EVENT) {
            wakes.add(job, by.untilNs());
        }
    }

    /** The destination of a job that is set aside; {@link Slab#NONE} when there is no such job. */
    int destinationOfAside(int job) {
        boolean known = job >= 0 && job < records.slab().slotEnd() && records.has(job, JobRecords.ASIDE);
        return known ? records.destination(job) : NONE;
    }

    /** Its turn had come: it is the next again. */
    void bringBack(Destination destination, int job) {
        stopWaiting(job);
        records.clear(job, JobRecords.ASIDE);
        destination.setAside(-records.ready(job));
        order.prepend(destination.order, job);
    }

    private void stopWaiting(int job) {
        aside.remove(job);
        if (wakes.contains(job)) {
            wakes.remove(job);
        }
    }

    /** Those that are set aside until a time. */
    TimerBuckets wakes() {
        return wakes;
    }

    /** What a ready recipient's job waits for; null when it is not set aside. */
    @Nullable
    BlockedBy blockedBy(int recipient) {
        return aside.get(recipients.job(recipient));
    }

    long sizeBytes() {
        return records.slab().sizeBytes() + (open == null ? 0 : open.sizeBytes());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import java.util.ArrayDeque;
import org.agrona.collections.LongHashSet;

/**
 * What has arrived while the next segment is being made, in its order: the agent does not wait for the disk, and mail is
 * not refused as long as there is room.
 * Thread: queue agent.
 */
final class WaitingArrivals {
    /** What is beyond it is refused; what sessions may have under way is bounded as well. */
    static final int BYTES_MAX = 64 << 20;

    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();

    /** Messages of which an extent found no place. */
    private final LongHashSet refused = new LongHashSet();

    private long bytes;

    private sealed interface Arrival {
        record Extent(IncomingExtent extent) implements Arrival {}

        record Whole(IncomingMessage message) implements Arrival {}

        record GivenUp(long queueId) implements Arrival {}
    }

    /** Where they go when their turn has come. */
    interface Spooler {
        /** False: there is no place, now. */
        boolean place(IncomingExtent extent);

        /** Whether there will be a place. */
        boolean isMakingRoomFor(IncomingExtent extent);

        void acceptWhole(IncomingMessage message);

        void giveUp(long queueId);
    }

    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    boolean hasRoom(int lengthBytes) {
        return bytes + lengthBytes <= BYTES_MAX;
    }

    void add(IncomingExtent extent) {
        bytes += extent.lengthBytes();
        arrivals.add(new Arrival.Extent(extent));
    }

    void add(IncomingMessage message) {
        arrivals.add(new Arrival.Whole(message));
    }

    void addGivenUp(long queueId) {
        arrivals.add(new Arrival.GivenUp(queueId));
    }

    /** Lets in what has a place now; returns how many. */
    int poll(Spooler spooler) {
        int count = 0;
        while (!arrivals.isEmpty()) {
            if (arrivals.element() instanceof Arrival.Extent waiting && !settle(waiting.extent(), spooler)) {
                break;
            }
            settle(arrivals.remove(), spooler, CommitResult.NO_SPACE);
            count++;
        }
        return count;
    }

    /** False: it has to wait on. */
    private boolean settle(IncomingExtent extent, Spooler spooler) {
        int lengthBytes = extent.lengthBytes();
        boolean lost = refused.contains(extent.queueId());
        if (!lost && !spooler.place(extent)) {
            if (spooler.isMakingRoomFor(extent)) {
                return false;
            }
            lost = true;
        }
        bytes -= lengthBytes;
        if (lost) {
            refuse(extent, CommitResult.NO_SPACE);
        }
        return true;
    }

    private void refuse(IncomingExtent extent, CommitResult why) {
        refused.add(extent.queueId());
        extent.release();
        if (!extent.isWithMessage()) {
            tell(extent.listener(), why);
        }
    }

    /** What an extent brings is settled before. */
    private void settle(Arrival arrival, Spooler spooler, CommitResult whyNot) {
        if (arrival instanceof Arrival.Whole whole) {
            IncomingMessage message = whole.message();
            if (refused.remove(message.queueId())) {
                spooler.giveUp(message.queueId());
                tell(message.listener(), whyNot);
            } else {
                spooler.acceptWhole(message);
            }
        } else if (arrival instanceof Arrival.GivenUp gone) {
            refused.remove(gone.queueId());
            spooler.giveUp(gone.queueId());
        }
    }

    private static void tell(CommitListener session, CommitResult result) {
        session.owner().execute(() -> session.onCommitted(result));
    }

    /** A sync has failed, of what may be part of these. */
    void fail(Spooler spooler) {
        for (Arrival arrival : arrivals) {
            if (arrival instanceof Arrival.Extent waiting) {
                refuse(waiting.extent(), CommitResult.FAILED);
            } else if (arrival instanceof Arrival.Whole whole) {
                refused.add(whole.message().queueId());
            }
        }
        bytes = 0;
        for (Arrival arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            settle(arrival, spooler, CommitResult.FAILED);
        }
    }

    /** They are in nobody's care any more. */
    void release() {
        for (Arrival arrival : arrivals) {
            if (arrival instanceof Arrival.Extent waiting) {
                waiting.extent().release();
            }
        }
        arrivals.clear();
    }
}

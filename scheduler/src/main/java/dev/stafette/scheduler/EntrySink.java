// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * Takes what {@link Scheduler#poll} brings forth. It may call the scheduler back, except for {@code poll}.
 * Thread: queue agent.
 */
public interface EntrySink {
    /** An attempt to make; the entry is the receiver's until it is finished or given back. */
    void onEntry(Entry entry);

    /**
     * A ready recipient was deferred without an attempt, since its destination is dead.
     *
     * @param siteReason why the destination is dead; the recipient's own reason is {@link Scheduler#SUSPENDED} with it
     */
    void onSuspended(int message, int recipient, String siteReason, long dueNs);

    /** A waiting recipient has outlived its message's lifetime and is done; its last reason is still there. */
    void onExpired(int message, int recipient);
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The place of the limits above a destination: site, and in time provider, source address, tenant, process. An attempt that its
 * destination's window lets through is asked for here, and goes only when all limits that concern it were taken together.
 * Thread: queue agent.
 */
public interface EntryGate {
    /**
     * Takes a place in every limit, or in none: null when the attempt may be made, else what it waits for. What is refused,
     * the destination or the one job, is not asked for again before that time, or {@link Scheduler#wake} or {@link
     * Scheduler#wakeJob}: nothing polls.
     */
    @Nullable
    BlockedBy admit(Candidate candidate, long nowNs);

    /** An entry that was admitted has come back. */
    void release(Entry entry, long nowNs);
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The place of the limits above a destination: site, provider, source address, tenant, process. An entry that its
 * destination's window lets through is asked for here, and goes only when all limits that concern it were taken together.
 * Thread: queue agent.
 */
public interface EntryGate {
    /** No limits. */
    EntryGate OPEN = new EntryGate() {
        @Override
        public @Nullable BlockedBy admit(int destination, long nowNs) {
            return null;
        }

        @Override
        public void release(int destination, long nowNs) {}
    };

    /**
     * Takes a place in every limit, or in none: null when the entry may go, else what it waits for. A destination that is
     * refused is not asked for again before that time, or {@link Scheduler#wake}: nothing polls.
     */
    @Nullable
    BlockedBy admit(int destination, long nowNs);

    /** An entry that was admitted has come back. */
    void release(int destination, long nowNs);
}

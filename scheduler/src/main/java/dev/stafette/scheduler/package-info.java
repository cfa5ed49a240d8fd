// SPDX-License-Identifier: Apache-2.0
/**
 * Decides which recipient is tried when, and how many attempts a destination may have in flight.
 *
 * <p>Pure and single-threaded, owned by the queue agent; time is passed in, so that a run can be replayed from its events.
 * It refuses to know files, sockets, threads and clocks.
 *
 * <pre>
 * Scheduler ─ Attempts   turns of transports (TransportLane) and destinations, windows, EntryGate for limits above them (SiteLimits)
 *           ├ Deferrals  waits (RetryPolicy), due times, suspension by dead destinations, flush
 *           ├ Lifetimes  expiry wherever a recipient waits
 *           ├ Commands   hold, release, remove, flush, replay
 *           ├ IndexView  what the queue holds, for reading
 *           └ QueueIndex where each recipient is: MessageRecords, RecipientRecords in Slabs; SlotLists, TimerBuckets;
 *                        Jobs: what is ready, in the order in which it goes (DeliverySlots, Candidates)
 * </pre>
 *
 * <p>Within a destination messages go first come, first served, but small ones overtake large ones by Postfix's rules.
 */
@NullMarked
package dev.stafette.scheduler;

import org.jspecify.annotations.NullMarked;

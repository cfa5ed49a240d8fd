// SPDX-License-Identifier: Apache-2.0
/**
 * Decides which recipient is tried when, and how many attempts a destination may have in flight.
 *
 * <p>Pure and single-threaded, owned by the queue agent; time is passed in, so that a run can be replayed from its events.
 * It refuses to know files, sockets, threads and clocks.
 */
@NullMarked
package dev.stafette.scheduler;

import org.jspecify.annotations.NullMarked;

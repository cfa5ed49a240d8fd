// SPDX-License-Identifier: Apache-2.0
/**
 * Memory that an event loop uses over and over, so that what passes through it stays in the processor's cache. A pool hands
 * its buffers out in turn: the next one has not been touched for as long as it takes to go through all that are out.
 *
 * <p>Thread: event loop. It refuses to know what is read and written.
 */
@NullMarked
package dev.stafette.delivery.loop;

import org.jspecify.annotations.NullMarked;

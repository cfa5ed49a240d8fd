// SPDX-License-Identifier: Apache-2.0
/**
 * The queue agent: the one thread that owns the journal, the index and the scheduler, and introduces them to the
 * transports. Everything else talks to it through {@link dev.stafette.engine.queue.QueueInbox} and hears from it through
 * {@link dev.stafette.engine.queue.QueueListener}.
 *
 * <p>Of the engine it imports the settings and the tables' inquiries alone, so that SMTP, bounces and administration can use it
 * without a cycle.
 *
 * <p>In Postfix: qmgr(8).
 */
@NullMarked
package dev.stafette.engine.queue;

import org.jspecify.annotations.NullMarked;

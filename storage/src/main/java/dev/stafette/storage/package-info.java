// SPDX-License-Identifier: Apache-2.0
/**
 * What survives a crash: the journal of queue state, message bodies, group commit and recovery.
 *
 * <p>Owned by the queue agent, with three threads of its own: {@code commit} writes bodies and syncs, {@code reserve}
 * makes segments ready, {@code disk} does whatever else may wait for the disk (decision 0015). It refuses to know SMTP, DNS, retry
 * policy and Netty channels.
 */
@NullMarked
package dev.stafette.storage;

import org.jspecify.annotations.NullMarked;

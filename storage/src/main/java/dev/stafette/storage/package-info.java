// SPDX-License-Identifier: Apache-2.0
/**
 * What survives a crash: the journal of queue state, message bodies, group commit and recovery.
 *
 * <p>Owned by the queue agent, with one commit thread that writes bodies and syncs. It refuses to know SMTP, DNS, retry
 * policy and Netty channels.
 */
@NullMarked
package dev.stafette.storage;

import org.jspecify.annotations.NullMarked;
